"""The applications that a life event needs, begun together and seen as one plan."""
