"""Jobs run after their transaction, in order, at least once; those who write them find a queue and nothing else here."""
