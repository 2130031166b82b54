"""Offers on a real PostgreSQL: made once, told once a day, gone after half a year."""
