"""Offers without I/O: which follow from an event, why, and what is typed of a phone."""
