"""What the eID gave out to clients: codes and tokens, each kept as a hash."""
