"""The room where complaints are taken in by hand."""
