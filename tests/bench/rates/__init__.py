"""What is counted by the second: one module a figure, with `measure() -> list[Rate]`."""
