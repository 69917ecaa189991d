"""For each fault of soundness a diagram that has it and one, as like as possible, that has not: code → (faulty, right)."""

from __future__ import annotations

from .drawing import around, boundary, catch, chain, event, flow, on_task, throw

USER = '<userTask id="{}" name="{}" mg:queue="q" {}/>'
SCRIPT = '<scriptTask id="{}" scriptFormat="python"><script>{}</script></scriptTask>'
KEY = """<correlationProperty id="number"><correlationPropertyRetrievalExpression messageRef="M"><messagePath>number</messagePath>
</correlationPropertyRetrievalExpression></correlationProperty>"""


def gate(kind: str, node: str, more: str = "") -> str:
    return f'<{kind}Gateway id="{node}" {more}/>'


def block(split: str, join: str, *, one: str = "<task id='a'/>", other: str = "<task id='b'/>") -> str:
    """Two ways between two gateways, with something to do behind them."""
    default = "" if split == "parallel" else 'default="g_b"'
    condition = "" if split == "parallel" else "big"
    gates = gate(split, "g", default) + gate(join, "j")
    ways = flow("g", "a", condition=condition) + flow("g", "b") + chain("a", "j", "z", "e") + flow("b", "j")
    return f'<startEvent id="s"/>{gates}{one}{other}<task id="z"/><endEvent id="e"/>{flow("s", "g")}{ways}'


def entered(join: str) -> str:
    """A loop that comes back to a gateway before the task."""
    gates = gate(join, "j") + gate("exclusive", "g", 'default="g_e"')
    ways = chain("s", "j", "a", "g", "e") + flow("g", "j", condition="again")
    return f'<startEvent id="s"/>{gates}<userTask id="a" mg:queue="q"/><endEvent id="e"/>{ways}'


def round_about(again: str, *, out: bool = True) -> str:
    """A task that is done again and again, with a way out or without."""
    gates = gate("exclusive", "j") + gate("exclusive", "g", 'default="g_e"' if out else "")
    end = f"<endEvent id='e'/>{flow('g', 'e')}" if out else ""
    ways = chain("s", "j", "a", "g") + flow("g", "j", condition="count &lt; 3" if out else "")
    return f'<startEvent id="s"/>{gates}{again}{end}{ways}'


def choosing(name: str) -> str:
    """A task with buttons and a script before a gateway that asks for a name."""
    gates = gate("exclusive", "g", 'default="g_z"')
    ways = chain("s", "a", "g", "z") + flow("g", "e", condition=f"{name} > 10".replace(">", "&gt;"))
    return f'<startEvent id="s"/>{SCRIPT.format("a", "amount = 5")}{gates}<endEvent id="z"/><endEvent id="e"/>{ways}'


def again(performers: str, first: str = 'mg:queue="q"') -> str:
    """A task that comes after another one, with people of its own."""
    tasks = f'<userTask id="a" name="Decide" {first}/><userTask id="b" name="Check" {performers}/>'
    return f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{chain("s", "a", "b", "e")}'


WAITING = f'<startEvent id="s"/>{catch("message")}<endEvent id="e"/>{chain("s", "t", "e")}'
THROWN = f"{throw('signal', 'x')}<endEvent id='y'/>{chain('s', 'x', 'y')}"
BOX = '<subProcess id="t"><startEvent id="is"/><endEvent id="ie">{}</endEvent>{}</subProcess>'
CLOCKED = '<timerEventDefinition mg:clock="contract" mg:at="80%"/>'

SOUND: dict[str, tuple[str, str]] = {
    "join_waits": (block("exclusive", "parallel"), block("exclusive", "exclusive")),
    "join_circle": (entered("parallel"), entered("exclusive")),
    "done_twice": (block("parallel", "exclusive"), block("parallel", "parallel")),
    "no_way_out": (
        round_about(USER.format("a", "Do it", ""), out=False),
        round_about(USER.format("a", "Do it", "")),
    ),
    "circle_endless": (
        round_about(SCRIPT.format("a", "other = 1")),
        round_about(SCRIPT.format("a", "count = (count or 0) + 1")),
    ),
    "parallel_writers": (
        block("parallel", "parallel", one=SCRIPT.format("a", "x = 1"), other=SCRIPT.format("b", "x = 2")),
        block("exclusive", "exclusive", one=SCRIPT.format("a", "x = 1"), other=SCRIPT.format("b", "x = 2")),
    ),
    "name_misspelt": (choosing("ammount"), choosing("amount")),
    "signal_unthrown": (
        around(catch("signal")),
        around(catch("signal")) + THROWN,
    ),
    "boundary_in_vain": (
        on_task(boundary("error"), host='<subProcess id="t"><task id="i"/></subProcess>'),
        on_task(boundary("error"), host=BOX.format(event("error"), flow("is", "ie"))),
    ),
    "task_excludes_all": (again('mg:sameAs="a" mg:excludes="a"'), again('mg:sameAs="a"')),
    "task_assignee_excluded": (
        again('mg:assignee="\'anna\'" mg:excludes="a"', "mg:assignee=\"'anna'\""),
        again('mg:assignee="\'ben\'" mg:excludes="a"', "mg:assignee=\"'anna'\""),
    ),
    "task_names_itself": (again('mg:queue="q" mg:excludes="b"'), again('mg:queue="q" mg:excludes="a"')),
    "task_name_misspelt": (again('mg:role="specialst"'), again('mg:role="specialist"')),
    "task_name_twice": (
        f'<startEvent id="s"/>{USER.format("a", "Check", "")}{USER.format("b", "Check", "")}<endEvent id="e"/>{chain("s", "a", "b", "e")}',
        f'<startEvent id="s"/>{USER.format("a", "Decide", "")}{USER.format("b", "Check", "")}<endEvent id="e"/>{chain("s", "a", "b", "e")}',
    ),
    "clock_without_case": (
        on_task(f'<boundaryEvent id="b" attachedToRef="t">{CLOCKED}</boundaryEvent>'),
        on_task(boundary("timer")),
    ),
}

CALLS = '<process id="other" isExecutable="true">{}</process>'
ONWARD = '<startEvent id="os"/><callActivity id="oc" calledElement="claim"/><endEvent id="oe"/>'
STRAIGHT = CALLS.format(ONWARD + chain("os", "oc", "oe"))
PAST = CALLS.format(ONWARD + chain("os", "oc", "oe") + flow("os", "oe"))
LEAF = CALLS.format(f'<startEvent id="os"/><endEvent id="oe"/>{flow("os", "oe")}')
CALLING = around('<callActivity id="t" calledElement="other"/>')

# Here each side is (inside of the process, other roots of the file).
SOUND_WHOLE: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "call_circle": ((CALLING, STRAIGHT), (CALLING, LEAF)),
    "call_again": ((CALLING, PAST), (CALLING, LEAF)),
    "message_without_key": (
        (WAITING, ""),
        (WAITING + throw("message", "x") + "<endEvent id='y'/>" + chain("s", "x", "y"), ""),
    ),
}
