"""Diagrams become programs, programs advance by pure steps, tables decide."""
