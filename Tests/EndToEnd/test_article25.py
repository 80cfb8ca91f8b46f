"""Article 25: a case and a penalty are reported beforehand."""

from datetime import timedelta

from support import events
from support.events import LINKED, OFFICE, SECRETARY
from support.waiting import always, eventually, sleep_until

GRACE = timedelta(hours=2)


def open_case(town, enterprise, at) -> tuple[str, str]:
    case = events.number("CS")
    town.send(events.case_opened(case, enterprise, at))
    return case, f"case/{case}"


def test_case_without_report(town):
    opened = events.due_in(1.5, GRACE)
    _, matter = open_case(town, town.enterprise(), opened)
    heard = town.receiver.wait_for(matter, "N60", [LINKED, OFFICE])
    assert min(one.at for one in heard) >= (opened + GRACE).timestamp()
    obligation = town.daemon.wait_for_state(matter, "breached", "A25.case")
    assert obligation["article"] == 25
    assert obligation["kind"] == "gate"
    assert not any(one.is_group for one in town.receiver.told(matter)), "never in a group"


def test_e14_earlier_report_that_turns_up_takes_the_alarm_back(town):
    enterprise = town.enterprise()
    opened = events.due_in(1, GRACE)
    case, matter = open_case(town, enterprise, opened)
    violated = town.receiver.wait_for(matter, "N60", [LINKED, OFFICE])

    town.send(events.reported("case", case, enterprise, opened - timedelta(hours=3)))
    cleared = town.receiver.wait_for(matter, "N64", [LINKED, OFFICE])
    assert {one.data["withdraws"] for one in cleared} == {one.id for one in violated}
    town.daemon.wait_for_state(matter, "met", "A25.case")


def test_e14_report_at_the_same_moment_is_not_beforehand(town):
    enterprise = town.enterprise()
    opened = events.due_in(2, GRACE)
    case, matter = open_case(town, enterprise, opened)
    town.send(events.reported("case", case, enterprise, opened))
    town.receiver.wait_for(matter, "N60", [LINKED, OFFICE])


def test_reported_case_is_followed_by_silence(town):
    enterprise = town.enterprise()
    opened = events.due_in(2, GRACE)
    case = events.number("CS")
    town.send(events.reported("case", case, enterprise, opened - timedelta(hours=1)))
    town.send(events.case_opened(case, enterprise, opened))
    matter = f"case/{case}"
    town.receiver.wait_for(matter, "N62", [LINKED])
    town.daemon.wait_for_state(matter, "met", "A25.case")
    sleep_until(opened + GRACE)
    always(lambda: not town.receiver.told(matter, "N60"), during=2)


def test_case_of_an_enterprise_without_linked_leader_is_out_of_scope(town):
    opened = events.due_in(1, GRACE)
    _, matter = open_case(town, town.enterprise(linked=()), opened)
    assert town.daemon.wait_for_matter(matter)["obligations"] == []
    sleep_until(opened + GRACE)
    always(lambda: not town.receiver.told(matter), during=2)


def test_penalty_without_report(town):
    enterprise = town.enterprise()
    penalty = events.number("PN")
    town.send(events.penalty_decided(penalty, events.number("CS"), enterprise, events.due_in(1, GRACE)))
    matter = f"penalty/{penalty}"
    town.receiver.wait_for(matter, "N61", [OFFICE, SECRETARY])
    eventually(lambda: town.daemon.logged("gate.violated", duty__case_id=penalty))
    assert not any(one.is_group for one in town.receiver.told(matter))
