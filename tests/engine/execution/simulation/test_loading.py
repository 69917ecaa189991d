"""A simulation takes only what BPMN allows: what a deployment refuses by the standard, it refuses too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.execution import Simulation
from engine.model.errors import DefinitionInvalid
from tests.engine.checks.drawing import around, catch
from tests.engine.definitions.bpmn.diagrams import diagram

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def faults(inside: str) -> set[str]:
    with pytest.raises(DefinitionInvalid) as refused:
        Simulation.load({"claim.bpmn": diagram(inside)}, now=NOW)
    return {found.message.code for found in refused.value.findings}


def test_what_the_standard_forbids_is_refused_with_what_does_not_compile() -> None:
    task = '<task id="t" startQuantity="0"/><scriptTask id="x" scriptFormat="python"><script>import os</script></scriptTask>'
    assert faults(around(task)) == {"quantity", "quantity_below_one", "script_not_allowed"}


def test_a_changed_file_is_held_to_the_same_rules() -> None:
    simulated = Simulation.load({"claim.bpmn": diagram(around('<task id="t"/>'))}, now=NOW)
    with pytest.raises(DefinitionInvalid, match="cannot have a"):
        simulated.migrate({"claim.bpmn": diagram(around(catch("error", more=" ")))})
