"""The applications that wait at an office: which are wanted, in which order, and how many there are."""
