"""A holiday calendar that is published while limits run: they follow it, and so does the next process."""

from support import events
from support.events import HEAD, OFFICE
from support.waiting import eventually

RULE = "A22.attribution"


def published(year: int, off: list[str], revision: int) -> dict:
    data = {"year": year, "offDays": off, "makeupWorkdays": [], "docNo": "国办发明电〔2026〕8号", "revision": revision}
    return event_of_nobody("calendar.published", f"calendar/{year}", data)


def event_of_nobody(kind: str, subject: str, data: dict) -> dict:
    return events.event(kind, subject, data, events.now(), partitionkey="org/xidu")


def test_e27_published_calendar_moves_limits_and_outlives_a_crash(own_town):
    town = own_town
    decided = events.now()
    fine, enterprise = events.number("FN"), town.enterprise()
    matter = f"fine/{fine}"
    town.send(events.fine_issued(fine, enterprise, 100_000, decided))
    town.receiver.wait_for(matter, "N70", [HEAD, OFFICE])
    due = town.daemon.obligation(matter, RULE)["dueAt"]

    # The very day on which the limit ends becomes a day off.
    day = events.moment(due).astimezone(events.HERE).date()
    town.send(published(day.year, [day.isoformat()], revision=1))
    for message in town.receiver.wait_for(matter, "N27", [HEAD, OFFICE]):
        assert events.moment(message.data["dueAt"]) != events.moment(due)
        assert "节假日安排已公布或调整" in message.data["text"]
    moved = town.daemon.obligation(matter, RULE)["dueAt"]
    assert moved != due
    (line,) = town.daemon.logged("deadline.recomputed", duty__case_id=fine)
    assert line["duty.due_at"] == moved and line["duty.old_due_at"] == due
    assert line["duty.reason"] == "calendar"
    assert f"+{day.year}r1." in line["duty.calendar_revision"]

    town.daemon.kill()
    town.daemon.start()
    later = events.number("FN")
    town.send(events.fine_issued(later, enterprise, 100_000, decided))
    town.receiver.wait_for(f"fine/{later}", "N70", [HEAD, OFFICE])
    assert town.daemon.obligation(f"fine/{later}", RULE)["dueAt"] == moved

    # The same days again are no news to anybody.
    town.send(published(day.year, [day.isoformat()], revision=2))
    eventually(lambda: any(
        "r2." in line.get("duty.calendar_revision", "") for line in town.daemon.lines() if "duty.matters" in line
    ))
    assert len(town.receiver.told(matter, "N27")) == 2 and not town.receiver.told(f"fine/{later}", "N27")
