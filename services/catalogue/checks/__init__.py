"""What the loader refuses of a definition, place and reason, each part in its own module."""
