"""Attachments, without a database and without a scanner."""
