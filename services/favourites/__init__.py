"""Services that people marked to find them again."""
