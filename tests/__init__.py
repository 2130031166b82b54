"""What the portal promises, as sentences about people."""
