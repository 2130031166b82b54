"""What people ask about their data: why somebody looked, or that a register is wrong; who answers, and by when."""
