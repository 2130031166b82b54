"""One module per place a person stands."""
