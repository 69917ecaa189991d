"""One file holds one list that people look at, filtered for the person who asks."""
