"""`makegood decide` evaluates a decision of a file, or a kept record again, and explains which rules fired."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal
from engine.execution.decisions import DecisionResult, decide
from engine.execution.decisions.in_json import explained, in_json
from engine.model.errors import Invalid, NotFound
from engine.model.people import SYSTEM
from engine.queries.decision_again import decided_again


def arguments(parser: ArgumentParser) -> None:
    """Take files, a decision and its inputs, or the id of a record."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="the DMN file, and those that it imports")
    parser.add_argument("--decision", default="", metavar="NAME", help="a decision, service or function, by id or name")
    parser.add_argument("--input", default="", metavar="JSON", help="an object of inputs; - reads it from the input")
    parser.add_argument(
        "--now", default="", metavar="TIME", help="what now() and today() give, such as 2026-03-02T09:00Z"
    )
    parser.add_argument("--record", default="", metavar="ID", help="decide a kept record of this desk again")
    parser.add_argument("--explain", action="store_true", help="say which rules fired, and what for")
    parser.add_argument("--json", action="store_true", help="value, inputs, rules and problems for programs")


def run(args: Namespace, terminal: Terminal) -> int:
    """Print the value as JSON; problems go to the error output. Exit code 1 where a record comes out otherwise now."""
    if args.record:
        return _again(args.record, args, terminal)
    files = {_name(path, args.files): _bytes(path) for path in args.files}
    if not files:
        raise Invalid("decide_no_file", "Name a DMN file: makegood decide FILE --decision NAME --input JSON.")
    name = args.decision
    if not name:
        raise Invalid("decide_no_decision", "Name the decision with --decision, by its id or name.")
    _tell(decide(files, name, read_inputs(args.input), now=_now(args.now)), args, terminal)
    return 0


def _again(record_id: str, args: Namespace, terminal: Terminal) -> int:
    with opened() as engine, engine.read(SYSTEM) as tx:
        found = decided_again(tx, record_id)
    _tell(found.result, args, terminal)
    if found.same:
        terminal.tell(f"The same as in the record of {found.record.at:%Y-%m-%d %H:%M} UTC, case {found.case_number}.")
        return 0
    terminal.tell(f"The record of case {found.case_number} says otherwise: {_text(found.record.result)}")
    return 1


def read_inputs(text: str) -> Mapping[str, object]:
    """Read an object of inputs, numbers exactly; raise Invalid where it is none."""
    given = sys.stdin.read() if text == "-" else text
    try:
        found: object = json.loads(given or "{}", parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise Invalid("decide_input_json", "The input is no JSON: {fault}.", fault=str(fault)) from None
    if not isinstance(found, dict):
        raise Invalid("decide_input_object", 'The input is an object, such as {{"amount": 600}}.')
    return cast("Mapping[str, object]", found)


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _name(path: Path, paths: list[Path]) -> str:
    """The file's name, or its path where two files have one name."""
    return path.name if sum(other.name == path.name for other in paths) == 1 else path.as_posix()


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound("decide_file_missing", "There is no file {path}.", path=str(path))
    return path.read_bytes()


def _now(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("decide_now", "“{text}” is no time; write 2026-03-02T09:00Z.", text=text) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _tell(result: DecisionResult, args: Namespace, terminal: Terminal) -> None:
    if args.json:
        problems = [str(problem) for problem in result.problems]
        terminal.say(_text({**explained(result), "problems": problems}))
        return
    terminal.say(_text(result.value))
    if args.explain:
        for name, value in result.inputs.items():
            terminal.say(f"  {name} = {_text(value)}")
        for rule in result.fired:
            notes = rule["annotations"]
            said = "; ".join(str(note) for note in notes.values() if note) if isinstance(notes, Mapping) else ""
            terminal.say(f"  {rule['decision']}, rule {rule['rule']}{f': {said}' if said else ''}")
        if not result.fired:
            terminal.say("  No rule fired.")
    for problem in result.problems:
        terminal.tell(str(problem))


def _text(value: object) -> str:
    return json.dumps(in_json(value), ensure_ascii=False)


COMMAND = Command("decide", "evaluate a decision of a DMN file and explain it", arguments, run)
