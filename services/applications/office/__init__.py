"""The office: who works on applications there, what they do with them, and what is said about each."""
