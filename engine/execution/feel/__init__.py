"""FEEL, the language of decisions (DMN 1.5, chapter 10): compiled once, bounded, null with a problem for what has no value."""

from __future__ import annotations

from engine.execution.feel.border import from_engine, to_engine
from engine.execution.feel.calling import FeelFunction, Parameter
from engine.execution.feel.compiling import FeelExpression, FeelTests, compile_feel, compile_tests
from engine.execution.feel.evaluation import Evaluation, Frame
from engine.execution.feel.showing import text_of
from engine.execution.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from engine.execution.feel.values import FeelRange, Invocable

__all__ = [
    "DaysTime",
    "Evaluation",
    "FeelDate",
    "FeelDateTime",
    "FeelExpression",
    "FeelFunction",
    "FeelRange",
    "FeelTests",
    "FeelTime",
    "Frame",
    "Invocable",
    "Parameter",
    "YearsMonths",
    "compile_feel",
    "compile_tests",
    "from_engine",
    "text_of",
    "to_engine",
]
