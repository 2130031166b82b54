"""Once only: what the state already knows, fetched from its registers, and who looked."""
