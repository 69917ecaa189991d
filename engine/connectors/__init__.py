"""A service that a diagram may call is one folder here and has no second place."""
