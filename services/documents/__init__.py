"""What the state hands over: sheets composed and sealed, kept as they were issued, and verified by anyone."""
