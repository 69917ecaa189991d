"""One file holds one thing that people or timers do; no action commits."""
