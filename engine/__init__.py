"""The engine runs processes and keeps cases, tasks and clocks; it knows no Flask."""
