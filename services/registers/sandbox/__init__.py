"""A stand-in for the state's registers: a program of its own, reached over HTTP only."""
