"""Faults on request: lets whoever tests a client have the eID's next answers wrong. Demo only, off unless told."""
