"""Decision files are read into the typed model of engine/model/dmn; what would be lost is a finding."""

from engine.definitions.dmn.reader import read_decisions

__all__ = ["read_decisions"]
