"""Who signs, without I/O."""
