"""The inbox, and the mail that says there is something in it."""
