"""The pages of a sign-in: who is it, by what means, and the proof."""
