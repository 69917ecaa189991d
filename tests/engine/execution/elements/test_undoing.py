"""Compensation undoes what was completed, last first, inside first; a cancelled transaction undoes all that was done in it (R26, 13.5.5)."""

from __future__ import annotations

from tests.engine.execution.drawing import body, do, drawn, open_tasks

UNDO = "boundary {0}_b attachedToRef={0} undo=1\nmanual {0}_undo isForCompensation=true"


def undone(*activities: str) -> tuple[str, str]:
    """Compensation boundaries with their handlers, and the associations that join them."""
    lines = "\n".join(UNDO.format(name) for name in activities)
    joined = "".join(
        f'<association id="{n}_a" sourceRef="{n}_b" targetRef="{n}_undo" associationDirection="One"/>'
        for n in activities
    )
    return lines, joined


def test_what_was_done_is_undone_last_first() -> None:
    lines, joined = undone("a", "b", "c")
    simulated = drawn(
        f"start s\nsub box {{ {body(f'start i{chr(10)}manual a{chr(10)}manual b{chr(10)}manual c{chr(10)}{lines}{chr(10)}throw back undo=1{chr(10)}end d', 'i > a > b > c > back > d')}{joined} }}\nend e",
        "s > box > e",
    )
    assert [name for name in simulated.trace() if name.endswith("undo")] == ["c_undo", "b_undo", "a_undo"]


def test_only_the_named_activity_is_undone() -> None:
    lines, joined = undone("a", "b")
    inside = body(f"start i\nmanual a\nmanual b\n{lines}\nthrow back undo_of=a\nend d", "i > a > b > back > d")
    simulated = drawn(f"start s\nsub box {{ {inside}{joined} }}\nend e", "s > box > e")
    assert [name for name in simulated.trace() if name.endswith("undo")] == ["a_undo"]


def test_what_was_not_done_is_not_undone() -> None:
    lines, joined = undone("a", "b")
    inside = body(f"start i\nmanual a\nthrow back undo=1\nmanual b\n{lines}\nend d", "i > a > back > b > d")
    simulated = drawn(f"start s\nsub box {{ {inside}{joined} }}\nend e", "s > box > e")
    assert [name for name in simulated.trace() if name.endswith("undo")] == ["a_undo"]


def test_a_completed_subprocess_is_undone_by_what_is_inside_it_in_reverse_order() -> None:
    lines, joined = undone("a", "b")
    inner = body(f"start i\nmanual a\nmanual b\n{lines}\nend d", "i > a > b > d")
    last, association = undone("c")
    simulated = drawn(
        f"start s\nsub outer {{ {body(f'start o{chr(10)}sub box {{ {inner}{joined} }}{chr(10)}manual c{chr(10)}{last}{chr(10)}throw back undo=1{chr(10)}end d2', 'o > box > c > back > d2')}{association} }}\nend e",
        "s > outer > e",
    )
    assert [name for name in simulated.trace() if name.endswith("undo")] == ["c_undo", "b_undo", "a_undo"]


def test_a_compensation_event_subprocess_takes_the_place_of_what_is_inside() -> None:
    lines, joined = undone("a")
    handler = (
        '<subProcess id="h" triggeredByEvent="true">'
        + body("start hs undo=1\nmanual own\nend he", "hs > own > he")
        + "</subProcess>"
    )
    inner = body(f"start i\nmanual a\n{lines}\nend d", "i > a > d") + joined + handler
    simulated = drawn(f"start s\nsub box {{ {inner} }}\nthrow back undo_of=box\nend e", "s > box > back > e")
    assert ("own" in simulated.trace(), "a_undo" in simulated.trace()) == (True, False)


def test_the_thrower_waits_until_all_is_undone() -> None:
    inside = (
        body(
            "start i\nmanual a\nboundary a_b attachedToRef=a undo=1\nuser a_undo isForCompensation=true\nthrow back undo=1\nuser after\nend d",
            "i > a > back > after > d",
        )
        + '<association id="x" sourceRef="a_b" targetRef="a_undo"/>'
    )
    simulated = drawn(f"start s\nsub box {{ {inside} }}\nend e", "s > box > e")
    assert open_tasks(simulated) == ["a_undo"]
    do(simulated, "a_undo")
    assert open_tasks(simulated) == ["after"]


def test_an_activity_done_three_times_is_undone_three_times() -> None:
    many = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    _, joined = undone("a")
    inside = (
        body(f"start i\nmanual a {{ {many} }}\n{UNDO.format('a')}\nthrow back undo=1\nend d", "i > a > back > d")
        + joined
    )
    simulated = drawn(f"start s\nsub box {{ {inside} }}\nend e", "s > box > e")
    assert simulated.trace().count("a_undo") == 3


def test_a_compensation_end_event_undoes_and_ends() -> None:
    lines, joined = undone("a")
    inside = body(f"start i\nmanual a\n{lines}\nend back undo=1", "i > a > back") + joined
    simulated = drawn(f"start s\nsub box {{ {inside} }}\nend e", "s > box > e")
    assert (simulated.running(), simulated.trace()[-4:]) == (False, ["a_undo", "back", "box", "e"])


def test_cancelling_a_transaction_undoes_it_and_leaves_by_the_cancel_event() -> None:
    lines, joined = undone("a", "b")
    inside = body(f"start i\nmanual a\nmanual b\n{lines}\nend stop cancel=1", "i > a > b > stop") + joined
    simulated = drawn(
        f"start s\ntransaction deal {{ {inside} }}\nboundary left attachedToRef=deal cancel=1\nuser after\nend e",
        "s > deal > e; left > after",
    )
    trace = simulated.trace()
    assert (open_tasks(simulated), [name for name in trace if name.endswith("undo")]) == (
        ["after"],
        ["b_undo", "a_undo"],
    )


def test_cancelling_a_transaction_within_a_transaction_leaves_the_outer_one_at_work() -> None:
    lines, joined = undone("a")
    inner = body(f"start i\nmanual a\n{lines}\nend stop cancel=1", "i > a > stop") + joined
    first, association = undone("first")
    outer = (
        body(
            f"start o\nmanual first\n{first}\ntransaction deal {{ {inner} }}\nboundary left attachedToRef=deal cancel=1\nuser repair\nend d",
            "o > first > deal > d; left > repair > d",
        )
        + association
    )
    simulated = drawn(f"start s\ntransaction big {{ {outer} }}\nuser after\nend e", "s > big > after > e")
    assert (open_tasks(simulated), [name for name in simulated.trace() if name.endswith("undo")]) == (
        ["repair"],
        ["a_undo"],
    )
    do(simulated, "repair")
    assert open_tasks(simulated) == ["after"]


def test_a_subprocess_in_a_cancelled_transaction_is_undone_with_its_inner_work() -> None:
    lines, joined = undone("a", "b")
    inner = body(f"start i\nmanual a\nmanual b\n{lines}\nend d", "i > a > b > d") + joined
    outer = body(f"start o\nsub box {{ {inner} }}\nend stop cancel=1", "o > box > stop")
    simulated = drawn(
        f"start s\ntransaction deal {{ {outer} }}\nboundary left attachedToRef=deal cancel=1\nuser after\nend e",
        "s > deal > e; left > after",
    )
    assert [name for name in simulated.trace() if name.endswith("undo")] == ["b_undo", "a_undo"]


def test_an_error_leaves_a_transaction_without_undoing_it() -> None:
    lines, joined = undone("a")
    inside = body(f"start i\nmanual a\n{lines}\nend torn error=broken", "i > a > torn") + joined
    simulated = drawn(
        f"start s\ntransaction deal {{ {inside} }}\nboundary caught attachedToRef=deal error=broken\nuser after\nend e",
        "s > deal > e; caught > after",
    )
    assert (open_tasks(simulated), "a_undo" in simulated.trace()) == (["after"], False)


def test_an_error_caught_by_an_event_subprocess_may_undo_what_was_done_beside_it() -> None:
    lines, joined = undone("a")
    heal = (
        '<subProcess id="h" triggeredByEvent="true">'
        + body("start hs error=broken\nthrow back undo=1\nend he", "hs > back > he")
        + "</subProcess>"
    )
    inside = body(f"start i\nmanual a\n{lines}\nend torn error=broken", "i > a > torn") + joined + heal
    simulated = drawn(f"start s\nsub box {{ {inside} }}\nend e", "s > box > e")
    assert (simulated.running(), simulated.trace()[-5:]) == (False, ["a_undo", "back", "he", "h", "box", "e"][-5:])


def test_cancelling_one_item_of_a_repeated_transaction_leaves_all_of_them() -> None:
    twice = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    inside = body("start i\nuser try\nend no cancel=1", "i > try > no")
    simulated = drawn(
        f"start s\ntransaction deal {{ {inside}{twice} }}\nboundary left attachedToRef=deal cancel=1\nuser after",
        "s > deal; left > after",
    )
    assert open_tasks(simulated) == ["try", "try"]
    do(simulated, "try")
    assert open_tasks(simulated) == ["after"]
