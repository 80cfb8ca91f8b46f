"""The AsyncAPI document: accepted by a validator, whole, and true of what the daemon does."""

import copy
import warnings

import pytest
import yaml
from interface import ASYNCAPI, DOCS, EXAMPLES, ROOT, SCHEMAS, event, resolve, validator, verdicts
from pydantic import ValidationError

with warnings.catch_warnings():
    # Its models have a field named "schema".
    warnings.simplefilter("ignore", UserWarning)
    from asyncapi3 import AsyncAPI3


def test_a_validator_accepts_it():
    model = AsyncAPI3.model_validate(ASYNCAPI)
    assert model.asyncapi == "3.0.0"
    assert len(model.channels.root["events"].messages.root) == len(SCHEMAS)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("info", None),
        ("asyncapi", "2.6.0"),
        ("operations.consumeEvents.action", "consume"),
        ("operations.consumeEvents.channel", None),
        ("channels.events.bindings.kafka.partitions", "many"),
        ("channels.events.bindings.kafka.topicConfiguration.cleanup\x00policy", ["never"]),
        ("channels.events.adress", "park.events"),
        ("components.messages.fineIssued.bindings.kafka.topic", "park.events"),
    ],
)
def test_the_validator_refuses_a_broken_one(path, value):
    broken = copy.deepcopy(ASYNCAPI)
    *parents, last = (part.replace("\x00", ".") for part in path.split("."))
    place = broken
    for name in parents:
        place = place[name]
    place[last] = value
    with pytest.raises(ValidationError):
        AsyncAPI3.model_validate(broken)


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_somewhere():
    found = list(references(ASYNCAPI))
    for reference in found:
        if reference.startswith("#/"):
            assert resolve(reference)
        else:
            assert (DOCS / reference).is_file()
    outside = [one for one in found if not one.startswith("#/")]
    assert sorted(outside) == sorted(f"schemas/{kind}.v1.json" for kind in SCHEMAS), "each schema once"


def test_bindings_are_of_one_version_and_topics_those_of_the_configuration():
    topics = yaml.safe_load((ROOT / "config" / "dutyclock.yaml").read_text(encoding="utf-8"))["kafka"]["topics"]
    addresses = {name: channel["address"] for name, channel in ASYNCAPI["channels"].items()}
    assert addresses == {
        "events": topics["intake"][0], "outcomes": topics["outcomes"], "deadLetters": topics["deadLetters"]
    }  # fmt: skip
    for channel in ASYNCAPI["channels"].values():
        assert channel["bindings"]["kafka"]["topic"] == channel["address"]
        assert channel["bindings"]["kafka"]["bindingVersion"] == "0.5.0"
    for message in ASYNCAPI["components"]["messages"].values():
        assert message["bindings"]["kafka"]["bindingVersion"] == "0.5.0"


def test_every_message_belongs_to_one_channel():
    listed = [name for channel in ASYNCAPI["channels"].values() for name in channel["messages"]]
    assert sorted(listed) == sorted(ASYNCAPI["components"]["messages"])
    used = [operation["channel"]["$ref"] for operation in ASYNCAPI["operations"].values()]
    assert sorted(used) == sorted(f"#/channels/{name}" for name in ASYNCAPI["channels"])


def message(kind: str) -> dict:
    return next(one for one in ASYNCAPI["components"]["messages"].values() if one["name"] == f"park.{kind}.v1")


ATTRIBUTES = [
    *({"id": id} for id in ("", "x" * 256, "x" * 257, "字" * 256, "字" * 257)),
    {"id": None}, {"source": None}, {"source": ""}, {"source": "dutyclock"}, {"source": "/dutyclock"}, {"specversion": None}, {"specversion": "0.3"},
    {"time": "yesterday"}, {"time": "2026-11-23T14:05:00+08:00"}, {"time": "2026-02-29T14:05:00Z"}, {"time": ""},
    {"recordedtime": "2026-11-23"}, {"recordedtime": "2026-11-23t14:05:00z"}, {"subject": ""}, {"sequence": "7"},
    *({"dataclassification": word} for word in ("public", "internal", "confidential", "restricted", "secret", "")),
]  # fmt: skip


def test_headers_and_daemon_give_the_same_verdict():
    headers = validator(message("complaint.filed")["headers"])
    events = [event("complaint.filed", EXAMPLES["complaint.filed"], **change) for change in ATTRIBUTES]
    found = verdicts(events)
    for one, verdict in zip(events, found, strict=True):
        binary = {f"ce_{name}": value for name, value in one.items() if name != "data"}
        assert (verdict["verdict"] == "accepted") == headers.is_valid(binary), (verdict, binary)
    assert {one["verdict"] for one in found} == {"accepted", "rejected"}


def test_a_message_has_its_own_type_alone():
    headers = {"ce_specversion": "1.0", "ce_id": "e", "ce_source": "/s", "ce_type": "park.fine.issued.v1"}
    assert validator(message("fine.issued")["headers"]).is_valid(headers)
    assert not validator(message("fine.revised")["headers"]).is_valid(headers)
