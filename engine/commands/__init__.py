"""What operators type; each command has help, sensible errors and an exit code."""
