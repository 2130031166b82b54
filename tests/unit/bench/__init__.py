"""What `make bench` makes of its measurements."""
