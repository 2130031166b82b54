"""What the portal tells a person: her inbox, and the e-mail that says there is something in it."""
