"""The door: HTTP, pages, sessions. The only package that knows all the others."""
