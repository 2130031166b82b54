"""Files that people attach to applications: what may be attached, examined and scanned, kept once by its content."""
