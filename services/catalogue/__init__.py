"""Which services the state gives: each one file of data, its rules compiled and its examples run when it is loaded."""
