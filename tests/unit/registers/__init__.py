"""The rules of the registers room, without I/O."""
