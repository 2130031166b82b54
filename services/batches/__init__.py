"""Approving several applications of one service together, by one signature of the officer."""
