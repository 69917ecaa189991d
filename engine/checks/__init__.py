"""Every fault of a definition is found at once, with its file, element and line."""
