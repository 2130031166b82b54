"""The payment provider's stand-in: a program of its own, for demonstration."""
