"""Money and a payment's rules, without I/O."""
