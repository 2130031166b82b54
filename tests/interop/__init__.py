"""The eID, tried with what others wrote."""
