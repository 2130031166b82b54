"""Ratings on a real PostgreSQL."""
