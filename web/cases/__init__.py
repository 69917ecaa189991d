"""The room of cases: the list, the search, the file of each case and what can be done with it."""
