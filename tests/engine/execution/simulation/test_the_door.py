"""A simulation saves, restores and moves to new files; jobs run first in, first out; bad input gets a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.execution import DefinitionInvalid, Simulation
from engine.model.errors import Conflict, Invalid, NotFound
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process, simulation

WORK = process("start s\nuser work\nuser more\nend e", "s > work > more > e")


def call(name: str, key: str) -> str:
    return f"service {name} {{ <extensionElements><mg:connector key='{key}'/></extensionElements> }}"


def test_everything_survives_saving() -> None:
    simulated = simulation(
        process("start s\nuser first\ncatch wait message=answered\nuser after", "s > first > wait > after")
    )
    simulated.start("p", {"amount": Decimal("1.50"), "on": date(2026, 3, 2)}, clocks={"contract": "3 working days"})
    simulated.send_message("answered", {"text": "yes"})
    files = {
        "p.bpmn": file(
            process("start s\nuser first\ncatch wait message=answered\nuser after", "s > first > wait > after")
        )
    }
    restored = Simulation.restore(simulated.save(), files, now=MONDAY)
    assert (restored.trace(), restored.variables(), restored.clocks()) == (
        ["s"],
        simulated.variables(),
        simulated.clocks(),
    )
    do(restored, "first")
    assert (open_tasks(restored), restored.variables()["text"]) == (["after"], "yes")


def test_jobs_run_first_in_first_out_and_know_their_instance() -> None:
    seen: list[str] = []
    host: list[Simulation] = []

    def called(key: str) -> Callable[[dict[str, object]], None]:
        return lambda _: seen.append(f"{key} for {host[0].at_work}")

    nodes = f"start s\nand split\n{call('a', 'one')}\n{call('b', 'two')}\n{call('c', 'three')}\nend e\nend f"
    host.append(
        simulation(
            process(nodes, "s > split; split > a > c > e; split > b > f"),
            connectors={key: called(key) for key in ("one", "two", "three")},
        )
    )
    host[0].start("p")
    assert seen == ["one for 1", "two for 1", "three for 1"]


def test_instances_move_to_new_files_where_their_elements_are_still_there() -> None:
    simulated = simulation(WORK)
    for _ in range(2):
        simulated.start("p")
    simulated.complete(simulated.tasks()[0].id)
    changed = process("start s\nuser work\nuser extra\nend e", "s > work > extra > e")
    report = simulated.migrate({"p.bpmn": file(changed)})
    assert (report.moved, list(report.blocked)) == (["2"], ["1"])
    assert "more" in report.blocked["1"][0]
    do(simulated, "work")
    assert sorted(open_tasks(simulated)) == ["extra", "more"]


def test_a_mapping_renames_where_instances_stand_and_a_dry_run_changes_nothing() -> None:
    simulated = simulation(WORK)
    simulated.start("p")
    changed = {"p.bpmn": file(process("start s\nuser renamed\nuser more\nend e", "s > renamed > more > e"))}
    assert simulated.migrate(changed, {"work": "renamed"}, dry_run=True).moved == ["1"]
    assert open_tasks(simulated) == ["work"]
    simulated.migrate(changed, {"work": "renamed"})
    assert open_tasks(simulated) == ["renamed"]


def test_bad_files_are_refused_with_all_findings() -> None:
    broken = process(
        "start s\nscript a do='import os'\ncall b calledElement=nowhere\ncatch c after=soon!\nend e",
        "s > a > b > c > e if x >",
    )
    with pytest.raises(DefinitionInvalid) as refusal:
        simulation(broken)
    assert {finding.element_id for finding in refusal.value.findings} >= {"a", "b", "c"}
    assert all(finding.line and finding.file == "p.bpmn" for finding in refusal.value.findings)


def test_what_does_not_exist_is_said() -> None:
    simulated = simulation(WORK)
    with pytest.raises(NotFound, match="nowhere"):
        simulated.start("nowhere")
    with pytest.raises(NotFound, match="9-9"):
        simulated.complete("9-9")
    with pytest.raises(NotFound, match="spiff"):
        Simulation.load({"p.bpmn": file(WORK)}, now=MONDAY, runtime="no spiff")


def test_a_value_that_no_variable_can_be_is_refused_and_nothing_has_started() -> None:
    simulated = simulation(WORK)
    with pytest.raises(Invalid):
        simulated.start("p", {"x": object()})
    assert not simulated.running()


def test_a_time_without_a_zone_and_time_backwards_are_refused() -> None:
    with pytest.raises(Invalid):
        Simulation.load({"p.bpmn": file(WORK)}, now=datetime(2026, 3, 2))  # noqa: DTZ001 - the point of the test
    with pytest.raises(Conflict):
        simulation(WORK).advance(timedelta(days=-1))


def test_an_outage_fires_what_was_armed_meanwhile_as_well() -> None:
    text = process("start s\ncatch a after=PT1H\ncatch b after=PT1H\nuser c", "s > a > b > c")
    simulated = simulation(text)
    simulated.start("p")
    later = Simulation.restore(simulated.save(), {"p.bpmn": file(text)}, now=MONDAY + timedelta(days=1))
    assert (open_tasks(later), later.now) == (["c"], datetime(2026, 3, 3, 9, tzinfo=UTC))


@pytest.mark.parametrize("data", [b"", b"x", b"[]", b"{}", b"\xff", b'{"format":99}', b'{"format":1}'])
def test_what_is_no_saved_simulation_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        Simulation.restore(data, {"p.bpmn": file(WORK)}, now=MONDAY)
    assert refused.value.code == "simulation_format"


def test_a_connector_that_gives_what_no_variable_can_be_is_an_incident() -> None:
    asking = simulation(
        process(f"start s\n{call('ask', 'rates')}\nend e", "s > ask > e"), connectors={"rates": lambda _: {"rate": {1}}}
    )
    asking.start("p")
    assert [(found.element_id, found.code) for found in asking.incidents()] == [("ask", "job_failed")]
    assert "result.rate" in asking.incidents()[0].message
