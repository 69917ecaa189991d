"""A way to reach a person is one folder here and has no second place."""
