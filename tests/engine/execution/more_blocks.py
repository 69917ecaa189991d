"""More kinds of sound blocks: errors, escalations, signals, event subprocesses, calls, items, links, conditions, transactions."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.engine.execution.any_diagram import Artist, Drawn
from tests.engine.execution.drawing import node

HAPPENS = ("message=asked", "after=PT1H", "signal=alarm", 'when="n &gt; 0"')
"""What a block may wait for; the condition is written as it stands in XML."""


def _inside(artist: Artist, name: str, depth: int, end: str = "") -> str:
    """Start, a block, and an end that throws where it is told to."""
    inner, first, last = artist.block(depth)
    ends = node(f"start {name}_s") + node(f"end {name}_e {end}")
    return inner + ends + artist.flow(f"{name}_s", first) + artist.flow(last, f"{name}_e")


def _bordered(artist: Artist, name: str, content: str, boundary: str) -> Drawn:
    """A subprocess with an interrupting boundary event; both ways meet behind it."""
    xml = f'<subProcess id="{name}">{content}</subProcess>' + node(f"boundary {name}_b attachedToRef={name} {boundary}")
    xml += node(f"task {name}_o") + artist.flow(name, f"{name}_o") + artist.flow(f"{name}_b", f"{name}_o")
    return xml, name, f"{name}_o"


def row(artist: Artist, depth: int) -> Drawn:
    """One block after another."""
    one, first, middle = artist.block(depth)
    other, following, last = artist.block(depth)
    return one + other + artist.flow(middle, following), first, last


def failed(artist: Artist, depth: int) -> Drawn:
    """A subprocess that may end with an error, which is caught at its boundary."""
    name = artist.name("failed")
    inner, first, last = artist.block(depth)
    other, second, end = artist.block(depth)
    content = inner + other + node(f"start {name}_s") + node(f"and {name}_f") + node(f"xor {name}_x")
    content += node(f"end {name}_e") + node(f"end {name}_w error=broken") + node(f"end {name}_l")
    content += artist.flow(f"{name}_s", f"{name}_f") + artist.flow(f"{name}_f", first) + artist.flow(last, f"{name}_x")
    content += artist.flow(f"{name}_x", f"{name}_w", "n &gt; 0") + artist.flow(f"{name}_x", f"{name}_e", "n &lt;= 0")
    content += artist.flow(f"{name}_f", second) + artist.flow(end, f"{name}_l")
    return _bordered(artist, name, content, artist.draw(st.sampled_from(("error=broken", "any_error=1"))))


def escalated(artist: Artist, depth: int) -> Drawn:
    """A subprocess that escalates, with the way of the escalation beside it or instead of it."""
    name = artist.name("told")
    inner, first, last = artist.block(depth)
    content = inner + node(f"start {name}_s") + node(f"throw {name}_t escalation=up") + node(f"end {name}_e")
    content += artist.flow(f"{name}_s", f"{name}_t") + artist.flow(f"{name}_t", first) + artist.flow(last, f"{name}_e")
    if artist.draw(st.booleans()):
        return _bordered(artist, name, content, "escalation=up")
    beside, begin, end = artist.block(depth)
    xml = f'<subProcess id="{name}">{content}</subProcess>' + beside + node(f"end {name}_x")
    xml += node(f"boundary {name}_b attachedToRef={name} cancelActivity=false escalation=up")
    return xml + artist.flow(f"{name}_b", begin) + artist.flow(end, f"{name}_x"), name, name


def alarmed(artist: Artist, depth: int) -> Drawn:
    """Two ways side by side: a signal of one interrupts the other, or is missed where that was quicker."""
    name, split, join = artist.name("heard"), artist.name("split"), artist.name("join")
    xml, first, last = _bordered(artist, name, _inside(artist, name, depth), "signal=alarm")
    other, begin, end = artist.block(depth)
    xml += other + node(f"and {split}") + node(f"and {join}") + node(f"throw {name}_t signal=alarm")
    xml += artist.flow(split, first) + artist.flow(last, join) + artist.flow(split, begin)
    return xml + artist.flow(end, f"{name}_t") + artist.flow(f"{name}_t", join), split, join


def posted(artist: Artist, depth: int) -> Drawn:
    """Two ways side by side, with a message of its own from one to the other."""
    name, split, join = artist.name("post"), artist.name("split"), artist.name("join")
    inner, first, last = artist.block(depth)
    caught = artist.draw(st.sampled_from(("catch", "receive")))
    xml = inner + node(f"and {split}") + node(f"and {join}") + node(f"throw {name}_t message=other")
    wanted = 'messageRef="other"' if caught == "receive" else "message=other"
    xml += node(f"{caught} {name}_c {wanted}") + artist.flow(split, f"{name}_c") + artist.flow(f"{name}_c", join)
    return (
        xml + artist.flow(split, first) + artist.flow(last, f"{name}_t") + artist.flow(f"{name}_t", join),
        split,
        join,
    )


def watched(artist: Artist, depth: int) -> Drawn:
    """A subprocess with an event subprocess in it, which interrupts or not."""
    name = artist.name("watch")
    why = artist.draw(st.sampled_from((*HAPPENS, "escalation=up", "error=broken")))
    interrupts = "true" if why.startswith("error") or artist.draw(st.booleans()) else "false"
    inner, first, last = artist.block(depth)
    inside = (
        inner + node(f"start {name}_w isInterrupting={interrupts} {why.replace('&gt;', '>')}") + node(f"end {name}_z")
    )
    inside += artist.flow(f"{name}_w", first) + artist.flow(last, f"{name}_z")
    end = why if why.startswith(("error", "escalation")) else ""
    content = _inside(artist, name, depth, end)
    content += f'<subProcess id="{name}_v" triggeredByEvent="true">{inside}</subProcess>'
    return f'<subProcess id="{name}">{content}</subProcess>', name, name


def awaited(artist: Artist, depth: int) -> Drawn:
    """An activity with a boundary event, or a catching event."""
    name, why = artist.name("await"), artist.draw(st.sampled_from(HAPPENS)).replace("&gt;", ">")
    if artist.draw(st.booleans()):
        return node(f"catch {name} {why.replace('n > 0', 'n >= 0')}"), name, name
    kept = artist.draw(st.booleans())
    beside, first, last = artist.block(depth)
    xml = (
        node(f"user {name}")
        + beside
        + node(f"boundary {name}_b attachedToRef={name} cancelActivity={str(not kept).lower()} {why}")
    )
    if kept:
        return (
            xml + node(f"end {name}_x") + artist.flow(f"{name}_b", first) + artist.flow(last, f"{name}_x"),
            name,
            name,
        )
    xml += node(f"task {name}_o") + artist.flow(f"{name}_b", first) + artist.flow(last, f"{name}_o")
    return xml + artist.flow(name, f"{name}_o"), name, f"{name}_o"


def called(artist: Artist, depth: int) -> Drawn:
    """A process of its own; it gets n and nothing else."""
    name = artist.name("call")
    artist.processes.append(
        f'<process id="{name}_p" isExecutable="true">{_inside(artist, f"{name}_i", depth)}</process>'
    )
    given = '<extensionElements><camunda:in source="n" target="n"/></extensionElements>'
    return node(f"call {name} calledElement={name}_p {{ {given} }}"), name, name


def linked(artist: Artist, depth: int) -> Drawn:
    """A pair of links between two blocks."""
    name = artist.name("link")
    xml, first, last = artist.block(depth)
    xml += node(f"throw {name}_t link={name}") + node(f"catch {name}_c link={name}") + artist.flow(last, f"{name}_t")
    return xml, first, f"{name}_c"


def items(artist: Artist, depth: int) -> Drawn:
    """A task or subprocess for each of three, in a row or side by side, until all or the first are done."""
    name = artist.name("each")
    row = artist.draw(st.sampled_from(("true", "false")))
    enough = (
        "<completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>"
        if artist.draw(st.booleans())
        else ""
    )
    each = f'<multiInstanceLoopCharacteristics isSequential="{row}"><loopCardinality>3</loopCardinality>{enough}</multiInstanceLoopCharacteristics>'
    if artist.draw(st.booleans()):
        return node(f"user {name} {{ {each} }}"), name, name
    return _bordered(artist, name, _inside(artist, name, depth) + each, "after=PT1H")


def rounds(artist: Artist, depth: int) -> Drawn:
    """A task or subprocess in rounds, tested before or after."""
    name = artist.name("rounds")
    before = artist.draw(st.sampled_from(("true", "false")))
    each = f'<standardLoopCharacteristics testBefore="{before}" loopMaximum="3"><loopCondition>n &gt; 0</loopCondition></standardLoopCharacteristics>'
    if artist.draw(st.booleans()):
        return node(f"user {name} {{ {each} }}"), name, name
    return f'<subProcess id="{name}">{_inside(artist, name, depth)}{each}</subProcess>', name, name


def forked(artist: Artist, depth: int) -> Drawn:
    """Two ways out of a task without a gateway; one of them leads straight to the join."""
    name = artist.name("fork")
    xml, first, last = artist.block(depth)
    xml += node(f"task {name}") + node(f"and {name}_j") + artist.flow(name, f"{name}_j") + artist.flow(name, first)
    return xml + artist.flow(last, f"{name}_j"), name, f"{name}_j"


def chosen(artist: Artist, depth: int) -> Drawn:
    """Conditional ways out of a task without a gateway; those that are true meet at an inclusive join."""
    name = artist.name("choose")
    xml = node(f"script {name} do='{name} = 1'") + node(f"or {name}_j")
    for condition in ("n &gt; 0", "n &lt;= 0", "n &gt;= 0"):
        inner, first, last = artist.block(depth)
        xml += inner + artist.flow(name, first, condition) + artist.flow(last, f"{name}_j")
    return xml, name, f"{name}_j"


def cut_short(artist: Artist, depth: int) -> Drawn:
    """A subprocess of two ways, of which the first to be done ends all."""
    name = artist.name("cut")
    content = node(f"start {name}_s") + node(f"and {name}_f") + artist.flow(f"{name}_s", f"{name}_f")
    for number in (1, 2):
        inner, first, last = artist.block(depth)
        content += inner + node(f"end {name}_e{number} terminate=1")
        content += artist.flow(f"{name}_f", first) + artist.flow(last, f"{name}_e{number}")
    return f'<subProcess id="{name}">{content}</subProcess>', name, name


def undone(artist: Artist, depth: int) -> Drawn:
    """A subprocess in which something is done and then compensated."""
    name = artist.name("undo")
    inner, first, last = artist.block(depth)
    content = inner + node(f"start {name}_s") + node(f"user {name}_d") + node(f"user {name}_h isForCompensation=true")
    content += (
        node(f"boundary {name}_b attachedToRef={name}_d undo=1")
        + node(f"throw {name}_t undo=1")
        + node(f"end {name}_e")
    )
    content += f'<association id="{name}_a" associationDirection="One" sourceRef="{name}_b" targetRef="{name}_h"/>'
    content += artist.flow(f"{name}_s", f"{name}_d") + artist.flow(f"{name}_d", first)
    content += artist.flow(last, f"{name}_t") + artist.flow(f"{name}_t", f"{name}_e")
    return f'<subProcess id="{name}">{content}</subProcess>', name, name


def dealt(artist: Artist, depth: int) -> Drawn:
    """A transaction that may be cancelled, and left by its cancel event."""
    name = artist.name("deal")
    inner, first, last = artist.block(depth)
    content = inner + node(f"start {name}_s") + node(f"user {name}_d") + node(f"user {name}_h isForCompensation=true")
    content += node(f"boundary {name}_u attachedToRef={name}_d undo=1") + node(f"xor {name}_x") + node(f"end {name}_e")
    content += node(f"end {name}_c cancel=1")
    content += f'<association id="{name}_a" associationDirection="One" sourceRef="{name}_u" targetRef="{name}_h"/>'
    content += artist.flow(f"{name}_s", f"{name}_d") + artist.flow(f"{name}_d", first) + artist.flow(last, f"{name}_x")
    content += artist.flow(f"{name}_x", f"{name}_c", "n &gt; 0") + artist.flow(f"{name}_x", f"{name}_e", "n &lt;= 0")
    xml = f'<transaction id="{name}">{content}</transaction>' + node(f"boundary {name}_b attachedToRef={name} cancel=1")
    xml += node(f"task {name}_o") + artist.flow(name, f"{name}_o") + artist.flow(f"{name}_b", f"{name}_o")
    return xml, name, f"{name}_o"


def announced(artist: Artist, depth: int) -> Drawn:
    """Items of which the first, or each, throws a signal that the activity's own boundary takes."""
    name = artist.name("tell")
    how = artist.draw(st.sampled_from(("One", "None")))
    kind = "one" if how == "One" else "none"
    beside, first, last = artist.block(depth)
    each = (
        f'<multiInstanceLoopCharacteristics behavior="{how}" {kind}BehaviorEventRef="{name}_v">'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    xml = node(f"user {name} {{ {each} }}") + beside + node(f"end {name}_x")
    xml += node(f"boundary {name}_b attachedToRef={name} cancelActivity=false signal=alarm")
    artist.processes.append(f'<signalEventDefinition id="{name}_v" signalRef="alarm"/>')  # beside the processes
    return xml + artist.flow(f"{name}_b", first) + artist.flow(last, f"{name}_x"), name, name


SHARED_BLOCKS = {
    "row": row,
    "failed": failed,
    "escalated": escalated,
    "alarmed": alarmed,
    "posted": posted,
    "watched": watched,
    "awaited": awaited,
    "called": called,
    "linked": linked,
    "items": items,
    "each_round": rounds,
    "forked": forked,
    "chosen": chosen,
    "cut_short": cut_short,
}
"""What both runtimes run."""
MACHINE_BLOCKS = {**SHARED_BLOCKS, "undone": undone, "dealt": dealt, "announced": announced}
"""And what the machine alone runs."""
