"""The outcomes topic: what others build upon."""

import json
from collections import Counter

import pytest

from support import events, schema
from support.events import SOON
from support.kafka import Reader
from support.waiting import eventually


@pytest.fixture
def outcomes(town):
    reader = Reader(town.installation.bootstrap, town.topics.outcomes)
    yield reader
    reader.close()


def about(records, matter) -> list[dict]:
    return [one for one in map(parsed, records) if one["subject"] == matter]


def parsed(record) -> dict:
    return json.loads(record.value())


def test_story_of_a_late_answer(town, outcomes):
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.due_in(SOON))
    town.daemon.wait_for_state(matter, "breached")
    town.send(events.responded(complaint, enterprise, events.now()))
    town.daemon.wait_for_state(matter, "met")

    def is_told(records):
        return any(one["type"] == "park.deadline.met.v1" for one in about(records, matter))

    story = about(outcomes.until(is_told), matter)
    deadlines = [(one["type"].split(".")[2], one["data"]["ruleId"]) for one in story if ".deadline." in one["type"]]
    assert Counter(deadlines)[("started", "A22.response")] == 1
    assert Counter(deadlines)[("started", "A22.solution")] == 1
    own = [verb for verb, rule in deadlines if rule == "A22.response"]
    assert own == ["started", "warned", "breached", "met"]
    assert {one["partitionkey"] for one in story} == {enterprise}
    met = next(one for one in story if one["type"] == "park.deadline.met.v1")
    assert met["data"]["article"] == 22


def test_everything_on_the_topic_is_a_valid_cloudevent(town, outcomes):
    town.complain(town.enterprise(), events.now())
    records = outcomes.until(lambda records: len(records) >= 5) and outcomes.rest()
    for record in records:
        headers = dict(record.headers() or [])
        assert headers["content-type"].decode().lower().startswith("application/cloudevents+json")
        event = parsed(record)
        schema.validate(schema.ENVELOPE, event)
        schema.validate(schema.OUTCOMES[event["type"]], event)
        assert record.key().decode() == event["partitionkey"] == event["data"]["enterpriseId"]
    ids = Counter((parsed(record)["source"], parsed(record)["id"]) for record in records)
    assert ids.most_common(1)[0][1] == 1, "no id twice"


def test_deadlines_say_by_which_rules_they_were_counted(town, outcomes):
    _, matter = town.complain(town.enterprise(), events.now())
    records = outcomes.until(lambda records: len(about(records, matter)) >= 2)
    for event in about(records, matter):
        if ".deadline." in event["type"]:
            wanted = {"article", "ruleId", "ruleVersion", "measureVersion", "dueAt", "calendarRevision"}
            assert wanted <= event["data"].keys()


def test_outcomes_of_one_enterprise_keep_their_order(town, outcomes):
    enterprise = town.enterprise()
    matters = [town.complain(enterprise, events.now())[1] for _ in range(10)]

    def started(records):
        return [
            one["subject"]
            for one in map(parsed, records)
            if one["type"] == "park.deadline.started.v1"
            and one["data"]["ruleId"] == "A22.response"
            and one["partitionkey"] == enterprise
        ]

    records = outcomes.until(lambda records: len(started(records)) == 10)
    assert started(records) == matters
    partitions = {one.partition() for one in records if one.key().decode() == enterprise}
    assert len(partitions) == 1


def test_repeated_publication_repeats_the_ids(own_town):
    """Whoever drops repeated ids sees each outcome exactly once, however often it is put there."""
    town = own_town
    _, matter = town.complain(town.enterprise(), events.now())
    town.daemon.wait_for_state(matter, "open")
    eventually(lambda: {one["state"] for one in town.daemon.notifications(matter)} == {"sent"})
    first = Reader(town.installation.bootstrap, town.topics.outcomes)
    first.until(lambda records: sum(parsed(one)["type"] == "park.notification.sent.v1" for one in records) >= 2)
    before = [(one.key(), one.value()) for one in first.rest()]
    first.close()

    town.daemon.stop()
    forget_what_was_published(town.installation.database)
    town.daemon.start()
    again = Reader(town.installation.bootstrap, town.topics.outcomes)
    again.until(lambda records: len(records) >= 2 * len(before))
    after = [(one.key(), one.value()) for one in again.rest()]
    again.close()
    counts = Counter(after)
    assert counts.keys() == set(before)
    assert set(counts.values()) == {2}


def forget_what_was_published(database):
    """As after a crash between Kafka's yes and the note of it."""
    import sqlite3

    with sqlite3.connect(database) as db:
        changed = db.execute("DELETE FROM meta WHERE name LIKE '%outcomes%'").rowcount
    assert changed == 1


def trace(digit: str) -> str:
    return f"00-4bf92f3577b34da6a3ce929d0e0e473{digit}-00f067aa0ba902b{digit}-01"


def test_the_trace_of_an_event_goes_on_with_what_it_brings_about(town, outcomes):
    enterprise, complaint = town.enterprise(), events.number("CP")
    matter = f"complaint/{complaint}"
    town.send(events.filed(complaint, enterprise, events.due_in(SOON)) | {"traceparent": trace("1")})
    town.daemon.wait_for_state(matter, "breached")
    town.send(events.responded(complaint, enterprise, events.now()) | {"traceparent": trace("2")})
    town.daemon.wait_for_state(matter, "met")

    def is_told(records):
        story = about(records, matter)
        return any(one["type"] == "park.deadline.met.v1" for one in story) and any(
            one["type"] == "park.notification.sent.v1" and one["data"]["code"] == "N15" for one in story
        )

    story = about(outcomes.until(is_told), matter)
    assert all("traceparent" not in one["data"] for one in story)
    traces = {}
    for one in story:
        if one["data"].get("ruleId") == "A22.response":
            name = one["data"].get("code") or one["type"].removeprefix("park.").removesuffix(".v1")
            traces.setdefault(name, set()).add(one.get("traceparent"))
    for name in ("deadline.started", "deadline.breached", "N10", "N13"):
        assert traces[name] == {trace("1")}, f"{name}: {traces}"
    for name in ("deadline.met", "N15"):
        assert traces[name] == {trace("2")}, f"{name}: {traces}"

    for code, digit in (("N13", "1"), ("N15", "2")):
        for delivery in town.receiver.told(matter, code):
            assert delivery.headers["traceparent"] == delivery.event["traceparent"] == trace(digit)
    logged = town.daemon.logged("deadline.breached", duty__matter=matter)
    assert [(line["trace.id"], line["span.id"]) for line in logged] == [tuple(trace("1").split("-")[1:3])]
    sent = town.daemon.logged("notification.sent", duty__matter=matter, event__code="N15")
    assert sent and all(line["trace.id"] == trace("2").split("-")[1] for line in sent)


def test_without_a_trace_there_is_none(town, outcomes):
    _, matter = town.complain(town.enterprise(), events.now())
    records = outcomes.until(lambda found: any(".sent." in one["type"] for one in about(found, matter)))
    assert all("traceparent" not in one for one in about(records, matter))
    assert all("traceparent" not in one.headers for one in town.receiver.told(matter))
