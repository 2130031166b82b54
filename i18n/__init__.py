"""Words: languages, messages, dates and money, refusals. Imports nothing of ours, so that everyone may import it."""
