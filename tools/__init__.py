"""What developers and the Makefile run; nothing in here is installed with Makegood."""
