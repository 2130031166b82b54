"""Ratings, without I/O."""
