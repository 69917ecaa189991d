"""The people of a story follow the desk's rules: absence, substitutes, exclusion, roles and the way up."""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.simulated_people import OpenTask, People, Performer
from engine.model.bpmn import Performers
from engine.model.scenario import Absence, ScenarioPerson

TODAY = date(2026, 3, 4)
AWAY = Absence(date(2026, 3, 3), date(2026, 3, 20))


def task(**performers: object) -> OpenTask:
    return OpenTask("1", "decide", "Decide", Performers(**performers))  # type: ignore[arg-type]  # names of the dataclass


def people(**absent: str) -> People:
    away = {name: ScenarioPerson(absent=AWAY, substitute=substitute) for name, substitute in absent.items()}
    return People.of_story(away, {})


def refused(crew: People, of: OpenTask, name: str) -> str:
    reason = crew.refusal(of, name, TODAY)
    return "" if reason is None else reason.code


def test_an_absent_person_is_refused_and_the_substitute_gets_the_task() -> None:
    crew = people(jan="anna")
    crew.done["work"] = Performer("jan")
    of = task(same_as="work")
    crew.allocate(of, TODAY)
    assert refused(crew, of, "jan") == "scenario_absent"
    assert refused(crew, of, "anna") == ""
    crew.perform(of, "anna")
    assert str(crew.done["decide"]) == "anna for jan"


def test_substitutes_in_a_circle_leave_nobody() -> None:
    assert people(jan="anna", anna="jan").present("jan", TODAY) == ""


def test_whoever_stands_in_for_an_excluded_person_is_excluded_too() -> None:
    crew = people(ben="iga")
    crew.done["register"] = Performer("ben")
    assert refused(crew, task(excludes=("register",)), "iga") == "scenario_excluded"
    assert refused(crew, task(excludes=("register",)), "anna") == ""


def test_a_task_that_is_with_somebody_is_refused_to_others() -> None:
    crew = people()
    crew.owners["1"] = Performer("ben")
    assert refused(crew, task(), "anna") == "scenario_taken"


@pytest.mark.parametrize(("name", "code"), [("anna", "scenario_role"), ("clara", ""), ("nobody", "scenario_person")])
def test_a_role_is_asked_for(name: str, code: str) -> None:
    assert refused(people(), task(role="lead"), name) == code


def test_where_no_lead_is_present_the_managers_are_asked() -> None:
    crew = people(clara="anna", david="anna", lead="anna")
    assert crew.role_wanted(task(role="lead"), TODAY) == "manager"
    assert refused(crew, task(role="lead"), "eva") == ""


def test_a_director_may_what_a_regional_head_may() -> None:
    assert refused(people(), task(role="regional"), "filip") == ""
    assert refused(people(), task(role="director"), "eva") == "scenario_role"
