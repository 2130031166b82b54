"""The registers over real HTTP and on a real PostgreSQL."""
