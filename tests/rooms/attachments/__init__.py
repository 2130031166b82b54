"""Attachments on a real PostgreSQL, opened by real libraries, scanned over TCP."""
