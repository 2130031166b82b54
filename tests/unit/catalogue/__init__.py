"""Definitions, rules and search, without I/O beyond reading files."""
