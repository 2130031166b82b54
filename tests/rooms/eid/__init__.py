"""The eID room: the client against the real provider, and against hostile ones."""
