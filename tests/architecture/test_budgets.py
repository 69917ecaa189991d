"""Files, functions and parameter lists stay small enough to be read at once."""

from __future__ import annotations

import ast

from tests.architecture.allowed import LONG_FILES
from tests.architecture.sources import Function, Source, length, rooms, sources

LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS, LONGEST_README = 300, 40, 5, 60
BANNED = {"manager", "helper", "util", "common", "service", "processor", "handler", "base", "misc"}
BANNED |= {f"{name}s" for name in BANNED}


def place(source: Source, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
    return f"{source.name}:{node.lineno}"


def parameters(function: Function) -> int:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def test_no_file_is_longer_than_300_lines() -> None:
    long = {source.name: len(source.lines) for source in sources() if len(source.lines) > LONGEST_FILE}
    assert not {name: lines for name, lines in long.items() if name not in LONG_FILES}
    assert not sorted(LONG_FILES.keys() - long.keys()), "no longer long: take it off the list"


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        (source, function)
        for source in sources()
        for function in source.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert not [f"{place(source, function)} {function.name}: {length(function)}" for source, function in long]


def test_nobody_asks_for_more_than_five_parameters() -> None:
    found = [
        (source, function)
        for source in sources()
        for function in source.functions()
        if parameters(function) > MOST_PARAMETERS
    ]
    excused = "noqa: PLR0913"  # its reason is asked for by test_every_ignore_has_its_reason
    found = [(source, function) for source, function in found if excused not in source.lines[function.lineno - 1]]
    assert not [f"{place(source, function)} {function.name}: {parameters(function)}" for source, function in found]


def test_no_function_imports() -> None:
    found = []
    for source in sources():
        for function in source.functions():
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            found += [place(source, node) for node in inner]
    assert not found


def test_only_outer_loops_catch_everything() -> None:
    """Such a line says `# outer loop: why`; what only cleans up and raises again may catch everything anywhere."""
    found = []
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ExceptHandler) and catches_everything(node) and not raises_again(node):
                line = source.lines[node.lineno - 1]
                if "outer loop: " not in line:
                    found.append(f"{place(source, node)}: {line.strip()}")
    assert not found


def catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in ("Exception", "BaseException")) for each in caught
    )


def raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_no_module_or_class_has_a_name_that_says_nothing() -> None:
    found = [source.name for source in sources() if source.path.stem.lower() in BANNED]
    for source in sources():
        classes = [node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]
        found += [f"{place(source, node)} {node.name}" for node in classes if node.name.lower().strip("_") in BANNED]
    assert not found


def test_every_module_says_what_is_true_in_it() -> None:
    assert not [
        source.name for source in sources("engine", "web", "tools", "tests") if not ast.get_docstring(source.tree)
    ]


def test_every_room_has_a_short_readme_that_ends_in_decisions() -> None:
    found = []
    for room in rooms():
        readme = room / "README.md"
        lines = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
        headings = [line for line in lines if line.startswith("## ")]
        if not lines or len(lines) > LONGEST_README or not headings or headings[-1].strip() != "## Decisions":
            found.append(f"{room.name}/README.md: {len(lines)} lines, headings {headings}")
    assert not found
