"""Every way in leads to the same place."""

import json
from urllib.parse import quote

import pytest
from cloudevents.http import CloudEvent
from cloudevents.kafka import to_binary, to_structured

from support import events
from support.daemon import run
from support.waiting import eventually

EVENTS = "application/cloudevents+json; charset=UTF-8"
BATCH = "application/cloudevents-batch+json; charset=UTF-8"


@pytest.fixture
def complaint(town):
    """A complaint that nobody has sent yet: its event and its matter."""
    enterprise = town.enterprise()
    number = events.number("CP")
    return events.filed(number, enterprise, events.now()), f"complaint/{number}"


def sdk_event(event: dict) -> CloudEvent:
    return CloudEvent({name: value for name, value in event.items() if name != "data"}, event["data"])


def produce(town, message):
    headers = [(name, value) for name, value in message.headers.items()]
    town.kafka.producer.produce(town.topics.intake, message.value, message.key, headers=headers)
    town.kafka.flush()


@pytest.mark.parametrize("mode", [to_structured, to_binary])
def test_kafka_mode_of_the_cloudevents_sdk(town, complaint, mode):
    event, matter = complaint
    produce(town, mode(sdk_event(event), key_mapper=lambda e: event["partitionkey"].encode()))
    town.daemon.wait_for_state(matter, "open")
    fact = town.daemon.matter(matter)["facts"][0]
    assert (fact["id"], fact["source"], fact["type"]) == (event["id"], event["source"], event["type"])
    assert fact["data"] == event["data"]


def test_kafka_structured_mode_without_content_type(town, complaint):
    event, matter = complaint
    town.kafka.raw(town.topics.intake, json.dumps(event).encode(), event["partitionkey"].encode())
    town.daemon.wait_for_state(matter, "open")


def test_http_structured(town, complaint):
    event, matter = complaint
    status, answer = town.daemon.post(json.dumps(event).encode(), content_type=EVENTS)
    assert (status, answer) == (202, {"accepted": 1})
    town.daemon.wait_for_state(matter, "open")


def test_http_binary(town, complaint):
    event, matter = complaint
    headers = {f"ce-{name}": value for name, value in event.items() if name not in ("data", "datacontenttype")}
    status, _ = town.daemon.post(json.dumps(event["data"]).encode(), content_type="application/json", **headers)
    assert status == 202
    town.daemon.wait_for_state(matter, "open")


def test_http_binary_says_the_same_as_structured(town, complaint):
    """What headers cannot carry is percent-encoded there; it is one event, whichever mode it comes in."""
    event, matter = complaint
    event |= {"source": "/来源", "id": event["id"] + " 一"}
    names = [name for name in event if name not in ("data", "datacontenttype")]
    headers = {f"ce-{name}": quote(event[name], safe="/:+") for name in names}
    status, _ = town.daemon.post(json.dumps(event["data"]).encode(), content_type="application/json", **headers)
    assert status == 202
    status, _ = town.daemon.post(json.dumps(event).encode(), content_type=EVENTS)
    assert status == 202
    town.daemon.wait_for_state(matter, "open")
    eventually(lambda: town.daemon.logged("event.duplicate", event__id=event["id"]))
    [fact] = town.daemon.matter(matter)["facts"]
    assert (fact["source"], fact["id"]) == (event["source"], event["id"])


def test_http_binary_refuses_what_is_no_text(town, complaint):
    event, _ = complaint
    headers = {f"ce-{name}": event[name] for name in ("specversion", "type", "source")} | {"ce-id": "%FF"}
    status, answer = town.daemon.post(json.dumps(event["data"]).encode(), content_type="application/json", **headers)
    assert (status, answer["error"]) == (400, "notCloudEvent") and "ce-id" in answer["detail"]


def test_the_trace_of_a_request_is_that_of_its_event(town, complaint):
    """Who is instrumented sends the header of the request; HTTP's binary mode has the event's own beside it."""
    event, matter = complaint
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {f"ce-{name}": value for name, value in event.items() if name not in ("data", "datacontenttype")}
    status, _ = town.daemon.post(
        json.dumps(event["data"]).encode(), content_type="application/json", traceparent=trace, **headers
    )
    assert status == 202
    town.daemon.wait_for_state(matter, "open")
    [line] = town.daemon.logged("event.accepted", duty__matter=matter)
    assert line["trace.id"] == "4bf92f3577b34da6a3ce929d0e0e4736"


def test_http_binary_is_held_to_the_same_size(town, complaint):
    event, matter = complaint
    data = event["data"] | {"summary": "x" * 65_536}
    headers = {f"ce-{name}": value for name, value in event.items() if name not in ("data", "datacontenttype")}
    status, answer = town.daemon.post(json.dumps(data).encode(), content_type="application/json", **headers)
    assert (status, answer["error"]) == (400, "tooLarge"), "rather than 202 and a dead letter"
    assert town.daemon.matter(matter) is None


def test_http_batch(town):
    enterprise = town.enterprise()
    numbers = [events.number("CP") for _ in range(20)]
    batch = [events.filed(one, enterprise, events.now()) for one in numbers]
    status, answer = town.daemon.post(json.dumps(batch).encode(), content_type=BATCH)
    assert (status, answer) == (202, {"accepted": 20})
    for one in numbers:
        town.daemon.wait_for_state(f"complaint/{one}", "open")


def test_http_and_kafka_are_one_stream(town, complaint):
    event, matter = complaint
    town.send(event)
    status, _ = town.daemon.post(json.dumps(event).encode(), content_type=EVENTS)
    assert status == 202
    town.daemon.wait_for_state(matter, "open")
    assert len(town.daemon.matter(matter)["facts"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"specversion": "0.3"}, 400, "notCloudEvent"),
        ({"id": ""}, 400, "notCloudEvent"),
        ({"source": None}, 400, "notCloudEvent"),
        ({"type": "park.weather.changed.v1"}, 422, "unknownType"),
        ({"time": "yesterday"}, 400, "illTypedField"),
        ({"data": []}, 400, "missingField"),
        ({"data": {"complaintId": "CP-1"}}, 400, "missingField"),
    ],
)
def test_http_says_what_is_wrong(town, complaint, change, status, error):
    event, matter = complaint
    answer = town.daemon.post(json.dumps(event | change).encode(), content_type=EVENTS)
    assert (answer[0], answer[1]["error"]) == (status, error)
    assert answer[1]["detail"]
    assert town.daemon.matter(matter) is None


@pytest.mark.parametrize("amount", [-1, 0.5, "100", 1e300, None])
def test_http_refuses_a_wrong_amount(town, amount):
    fine = events.fine_issued(events.number("FN"), "E-1", amount, events.now())
    status, answer = town.daemon.post(json.dumps(fine).encode(), content_type=EVENTS)
    assert status == 400
    assert answer["error"] == ("missingField" if amount is None else "badAmount")
    assert "amountFen" in answer["detail"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", EVENTS), (b"{", EVENTS), (b"\xff\xfe", EVENTS), (b"{}", BATCH), (b"{}", "text/plain"), (b"[]", EVENTS)],
)
def test_http_refuses_garbage(town, body, content_type):
    assert town.daemon.post(body, content_type=content_type)[0] == 400


def test_http_refuses_what_is_too_large(town):
    assert town.daemon.post(b"[" + b" " * (1 << 21) + b"]", content_type=BATCH)[0] == 413
    event = events.filed(events.number("CP"), "E-1", events.now()) | {"note": "x" * 66_000}
    status, answer = town.daemon.post(json.dumps(event).encode(), content_type=EVENTS)
    assert (status, answer["error"]) == (400, "tooLarge")


def test_http_takes_a_batch_whole_or_not_at_all(town):
    enterprise = town.enterprise()
    good, bad = events.number("CP"), events.number("CP")
    batch = [events.filed(good, enterprise, events.now()), events.filed(bad, enterprise, events.now(), kind="gift")]
    status, answer = town.daemon.post(json.dumps(batch).encode(), content_type=BATCH)
    assert (status, answer["index"], answer["error"]) == (400, 1, "illTypedField")
    _, later = town.complain(enterprise, events.now())
    town.daemon.wait_for_state(later, "open")
    assert town.daemon.matter(f"complaint/{good}") is None


def test_publish_puts_a_file_onto_kafka(town, tmp_path):
    name, introduction = events.enterprise()
    number = events.number("CP")
    file = tmp_path / "events.jsonl"
    lines = [*introduction, events.filed(number, name, events.now())]
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), encoding="utf-8")
    result = run("publish", file, "--config", town.installation.file)
    assert result.returncode == 0, result.stderr
    assert str(len(lines)) in result.stdout
    assert not result.stderr, "silent when nobody watches"
    town.daemon.wait_for_state(f"complaint/{number}", "open")


def test_publish_refuses_a_bad_file_whole(town, tmp_path):
    name, introduction = events.enterprise()
    good = events.filed(events.number("CP"), name, events.now())
    bad = events.filed(events.number("CP"), name, events.now(), filedAt="soon")
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in [*introduction, good, bad]))
    result = run("publish", file, "--config", town.installation.file)
    assert result.returncode == 65
    assert "filedAt" in result.stderr


def test_explain_tells_without_doing(town, tmp_path):
    name, introduction = events.enterprise()
    number = events.number("CP")
    at = events.now()
    lines = [*introduction, events.filed(number, name, at, summary="断电")]
    result = run(
        "explain", "-", "--json", "--config", town.installation.file, stdin="\n".join(map(json.dumps, lines))
    )
    assert result.returncode == 0, result.stderr
    said = [json.loads(line) for line in result.stdout.splitlines()]
    about = [one for one in said if one["matter"] == f"complaint/{number}"]
    due = [one["fields"]["dueAt"] for one in about if one["action"] == "deadline.breached"]
    assert events.moment(due[0]).replace(microsecond=0) == (at + events.HALF_HOUR).replace(microsecond=0)
    told = {(one["fields"]["code"], one["fields"]["personRef"]) for one in about if "code" in one["fields"]}
    assert ("N10", events.STAFF) in told and ("N13", events.LEADER) in told
    assert town.daemon.matter(f"complaint/{number}") is None


def test_same_id_of_another_source_is_another_event(town):
    enterprise = town.enterprise()
    shared = events.identifier()
    matters = []
    for source in ("/desk/a", "/desk/b"):
        number = events.number("CP")
        town.send(events.filed(number, enterprise, events.now()) | {"id": shared, "source": source})
        matters.append(f"complaint/{number}")
    for matter in matters:
        town.daemon.wait_for_state(matter, "open")
