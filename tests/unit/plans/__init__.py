"""Plans without I/O: what is shared, what it costs, what is next."""
