"""How fast it is, beside the ceiling of the same machine."""
