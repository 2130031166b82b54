"""Who may ask what: the list, and who tried what is not on it."""
