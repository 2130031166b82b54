"""Payments on a real PostgreSQL and over real HTTP."""
