"""What vulture takes for unused and is not: each name with whoever reaches it by another way than a call."""
