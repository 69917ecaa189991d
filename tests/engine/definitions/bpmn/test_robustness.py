"""Whatever bytes come, the reader answers with a model and findings, in little time."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks import check_files
from engine.definitions.bpmn import read_bpmn

from .diagrams import diagram

SEED = diagram(
    "<startEvent id='s'/><sequenceFlow id='f' sourceRef='s' targetRef='t'/><userTask id='t' mg:queue='q'>"
    "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    "<boundaryEvent id='b' attachedToRef='t'><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    "</boundaryEvent><subProcess id='p'><endEvent/></subProcess>",
    "<message id='m' name='M'/>",
)
WORDS = [b"id=", b"sourceRef=", b"'t'", b"userTask", b"boundaryEvent", b"</", b"<", b"subProcess", b"\xff", b"${", b"="]


@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 40), st.sampled_from(WORDS)), max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_never_raises(damages: list[tuple[int, int, bytes]]) -> None:
    data = SEED
    for place, length, word in damages:
        data = data[:place] + word + data[place + length :]
    assert read_bpmn(data) == read_bpmn(data) or read_bpmn(data).root is not None
    assert all(found.remedy.template for found in check_files({"x.bpmn": data}))


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert read_bpmn(data).findings


@pytest.mark.parametrize("name", ["complaint", "special_mode"])
def test_a_shipped_process_is_read_quickly(repository: Path, name: str) -> None:
    data = (repository / "processes" / name / f"{name}.bpmn").read_bytes()
    times: list[float] = []
    for _ in range(5):
        begun = perf_counter()
        assert not read_bpmn(data).findings
        times.append(perf_counter() - begun)
    assert min(times) < 0.15  # 0.03 s on a quiet machine; room for a busy one
