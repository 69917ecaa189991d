"""Diagrams and tables become one immutable program; files that cannot run are refused with all their findings."""

from __future__ import annotations

from engine.execution.compiler.code import Library, ProgramCode, StartCode
from engine.execution.compiler.programs import COMPILER_VERSION, compile_definitions, compile_program, program_of

__all__ = [
    "COMPILER_VERSION",
    "Library",
    "ProgramCode",
    "StartCode",
    "compile_definitions",
    "compile_program",
    "program_of",
]
