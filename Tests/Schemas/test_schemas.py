"""The schemas, the examples and the daemon agree, by a validator that is not ours."""

import pytest
from interface import EXAMPLES, SCHEMAS, VALIDATORS, event, example, verdicts
from jsonschema import Draft7Validator, Draft202012Validator
from mutations import breaks_an_unwritten_rule, double, places, single

SEED = 20261124
KINDS = sorted(SCHEMAS)


def test_there_is_a_schema_for_each_type():
    assert len(SCHEMAS) == 52


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one_and_has_words_for_every_field(kind):
    schema = SCHEMAS[kind]
    Draft202012Validator.check_schema(schema)
    # AsyncAPI 3.0 reads it by draft 7.
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"].startswith(f"park.{kind}.v1 ")
    for path in places(schema):
        field = schema
        for name in path:
            field = field["properties"][name]
        chinese, _, english = field["description"].partition(" ")
        assert any("一" <= letter <= "鿿" for letter in chinese) and english.isascii(), path


def test_every_example_is_valid_and_accepted():
    found = verdicts([event(kind, EXAMPLES[kind]) for kind in KINDS])
    for kind, verdict in zip(KINDS, found, strict=True):
        assert not list(VALIDATORS[kind].iter_errors(EXAMPLES[kind])), kind
        assert not list(Draft7Validator(SCHEMAS[kind]).iter_errors(EXAMPLES[kind])), kind
        assert verdict["verdict"] == "accepted" and verdict["type"] == f"park.{kind}.v1"


@pytest.mark.parametrize("kind", KINDS)
def test_no_required_field_can_be_missing(kind):
    for name in SCHEMAS[kind]["required"]:
        data = example(kind)
        del data[name]
        assert not VALIDATORS[kind].is_valid(data)
        assert verdicts([event(kind, data)])[0]["reason"] == "missingField"


@pytest.mark.parametrize("kind", KINDS)
def test_schema_and_daemon_give_the_same_verdict_on_changed_data(kind):
    schema = SCHEMAS[kind]
    changed = single(schema, example(kind)) + double(schema, example(kind), 200, SEED)
    judged = verdicts([event(kind, data) for data in changed])
    counts = {True: 0, False: 0}
    for data, verdict in zip(changed, judged, strict=True):
        is_valid = VALIDATORS[kind].is_valid(data) and not breaks_an_unwritten_rule(kind, schema, data)
        counts[is_valid] += 1
        assert (verdict["verdict"] == "accepted") == is_valid, (verdict, data)
    assert counts[True] > 20 and counts[False] > 100


def test_data_that_are_no_object_are_refused_by_both():
    for data in ([], "x", 1, True):
        assert not VALIDATORS["fine.issued"].is_valid(data)
        assert verdicts([event("fine.issued", data)])[0]["reason"] == "missingField"


@pytest.mark.parametrize(
    ("line", "reason"),
    [({"specversion": "1.0"}, "notCloudEvent"), ([], "notCloudEvent"), ("x", "notCloudEvent")],
)
def test_what_is_no_event_is_rejected(line, reason):
    assert verdicts([line, event("fine.issued", EXAMPLES["fine.issued"])])[0]["reason"] == reason


def test_an_unknown_type_is_skipped():
    assert verdicts([event("weather.changed", {})])[0]["verdict"] == "skipped"
