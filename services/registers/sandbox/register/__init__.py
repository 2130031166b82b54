"""The registers, a package each: whatever is below is found and served."""
