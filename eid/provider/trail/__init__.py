"""What happened with a person's eID, for herself to read: three months of it, never a PIN and never a number."""
