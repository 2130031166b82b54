"""What each room does on a real PostgreSQL and over real HTTP."""
