"""How each kind of question is read from a form, written back into it, and shown."""
