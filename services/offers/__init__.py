"""What is offered to people because of what a register recorded: they decide, and are asked once."""
