"""What registers let themselves be told: each message once, whatever the wire does, and what came of it."""
