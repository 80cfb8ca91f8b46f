"""A running daemon holds events to the schemas of docs/schemas."""

import copy
import json

import pytest

from support import events
from support.installation import PROJECT
from support.waiting import eventually

BATCH = "application/cloudevents-batch+json"
EVENTS = "application/cloudevents+json"
SCHEMAS = {
    file.name.removesuffix(".v1.json"): json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((PROJECT / "docs" / "schemas").glob("*.json"))
}


def example(kind: str, **attributes) -> dict:
    data = copy.deepcopy(SCHEMAS[kind]["examples"][0])
    return events.event(kind, "example/1", data, events.now(), partitionkey="E-000518", **attributes)


def test_every_example_is_taken_and_kept(own_town):
    daemon = own_town.daemon
    status, answer = daemon.post(json.dumps([example(kind) for kind in SCHEMAS]).encode(), content_type=BATCH)
    assert (status, answer) == (202, {"accepted": len(SCHEMAS)})
    eventually(lambda: len(daemon.logged("event.accepted")) + len(daemon.logged("event.parked")) >= len(SCHEMAS))
    kept = {fact["type"] for fact in daemon.matter("fine/FN-2027-0019")["facts"]}
    assert {f"park.fine.{verb}.v1" for verb in ("issued", "attributed", "revised", "revoked", "share.settled")} <= kept
    assert not daemon.logged("event.rejected")


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_an_example_without_a_required_field_is_refused(town, kind):
    event = example(kind)
    name = SCHEMAS[kind]["required"][-1]
    del event["data"][name]
    status, answer = town.daemon.post(json.dumps(event).encode(), content_type=EVENTS)
    assert (status, answer["error"], answer["detail"]) == (400, "missingField", f"data.{name} is missing")


def test_an_unknown_classification_is_refused(town):
    event = example("complaint.filed", dataclassification="secret")
    status, answer = town.daemon.post(json.dumps(event).encode(), content_type=EVENTS)
    assert (status, answer["error"]) == (400, "classification")


def test_a_restricted_complaint_is_handled_without_a_word_of_it(town):
    enterprise = town.enterprise()
    complaint, summary = events.number("CP"), "不可外传的内容"
    matter = f"complaint/{complaint}"
    town.send(
        events.filed(complaint, enterprise, events.due_in(0), summary=summary) | {"dataclassification": "restricted"}
    )
    town.daemon.wait_for_state(matter, "breached")
    fact = town.daemon.matter(matter)["facts"][0]
    assert fact["dataclassification"] == "restricted"
    assert fact["data"].keys() == {"complaintId", "enterpriseId", "filedAt"}
    for delivery in town.receiver.wait_for(matter, "N13", [events.STAFF, events.LEADER]):
        assert summary[:4] not in delivery.body.decode() and "衡阳试验" not in delivery.body.decode()
    assert not [one for one in town.receiver.told(matter) if one.is_group]
