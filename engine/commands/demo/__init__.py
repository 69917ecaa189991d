"""The demonstration: the company Veltra, its people and their last thirty days, made by doing the work."""

from engine.commands.demo.people import PASSWORD, Shown, shown_people

__all__ = ["PASSWORD", "Shown", "shown_people"]
