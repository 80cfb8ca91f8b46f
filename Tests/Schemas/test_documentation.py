"""The tables of docs/events.md name the fields that the schemas have."""

import re

import pytest
from interface import ASYNCAPI, DOCS, SCHEMAS

TEXT = (DOCS / "events.md").read_text(encoding="utf-8")
ROWS = {
    kind: columns.split(" | ")
    for kind, columns in re.findall(r"^\| `park\.([a-z.]+)\.v1` \| (.*) \|$", TEXT, flags=re.MULTILINE)
}
# Said once for all types.
COMMON = {"parkId", "note", "actor"}


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_a_row_has_the_fields_of_its_schema(kind):
    schema = SCHEMAS[kind]
    required, optional = (set(re.findall(r"`(\w+)`", column)) for column in ROWS[kind])
    either = {name for one in schema.get("anyOf", []) for name in one["required"]}
    assert required == set(schema["required"]) | either
    assert optional - COMMON == set(schema["properties"]) - required - COMMON


def test_the_own_time_is_bold():
    for kind, schema in SCHEMAS.items():
        own = {name for name, field in schema["properties"].items() if "the event's own time" in field["description"]}
        assert set(re.findall(r"\*\*`(\w+)`\*\*", " ".join(ROWS[kind]))) == own


def test_every_outcome_is_listed():
    section = TEXT[TEXT.index("## What goes out") :]
    listed = {f"park.{name}.v1" for name in re.findall(r"`([a-z]+\.[a-zA-Z]+)`", section)}
    names = {
        ASYNCAPI["components"]["messages"][name]["name"] for name in ASYNCAPI["channels"]["outcomes"]["messages"]
    }
    assert names <= listed
