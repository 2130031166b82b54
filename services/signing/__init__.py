"""What people sign before it is submitted: the application as a sheet, whose signatures are awaited, each signing."""
