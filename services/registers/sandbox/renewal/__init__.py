"""What keeps the people of the demonstration as each shall be shown, while days go by."""
