"""An invented population in real families: the same number of people on the same day is always the same population."""
