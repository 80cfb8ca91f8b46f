"""Data changed in one place, or in two, and what must be thought of them beyond the schema."""

import copy
import random
from datetime import date

MISSING = object()

DATES = ["2026-02-28", "2026-02-29", "2024-02-29", "2000-02-29", "1900-02-29", "0000-01-01", "0001-01-01",
         "2026-04-31", "2026-13-01", "2026-1-1", "2026-11-23 ", "26-11-23", "２０２６-11-23"]  # fmt: skip
TIMES = ["T14:05:00+08:00", "T14:05:00Z", "t14:05:00z", " 14:05:00Z", "T14:05:00", "T24:00:00Z", "T23:59:60Z",
         "T23:59:61Z", "T14:60:00Z", "T14:05Z", "T14:05:00.5+08:00", "T14:05:00.+08:00", "T14:05:00+24:00",
         "T14:05:00+08:60", "T14:05:00+0800", "T14:05:00.123456789-23:59"]  # fmt: skip
WORDS = ["", " ", "x", "appeal", "done", "CNY", "A07", "A08.designated", "A30.", "A31", "A00", "a07", "12345",
         "discipline>dept", "字" * 200, "字" * 201, "字" * 4096, "字" * 4097, "😀" * 4096, "x" * 12_300]  # fmt: skip
NUMBERS = [0, 1, 2, 5, 6, -1, 999, 1000, 1001, 2000, 2200, 2201, 10_000, 10_001, 1_000_000, 1_000_001, 1.0, 2.5, 2031.0,
           10**13, 10**13 + 1, -(10**13), -(10**13) - 1, 2**63 - 1, 2**63, 1e300]  # fmt: skip
OTHERS = [True, False, None, [], {}, [None], ["service"], ["2026-11-23"], ["2031-01-22", "2031-01-22"],
          ["2031-05-01"], [{}], [{"orgUnit": "D-1"}], [{"orgUnit": None, "rank": 1}], [{"personRef": "P-1", "rank": 0}],
          {"personRef": "P-1", "role": "office"}, {"personRef": "P-1"}, {"personRef": "", "role": "office"},
          {"personRef": 1, "role": "office"}, {"enterpriseId": "E-1"}, {"parkId": None}, {"orgUnit": ""},
          {"code": "licensing"}, {"ref": "x"}, {"code": "x", "ref": None}, {"code": "x", "ref": 1},
          {"a.b.c.d.e.f.g.h": 1}, {"a.b.c.d.e.f.g.h.i": 1}, {"": 1}, {"park.staff": 0}, {"park.staff": 1000},
          {"park.staff": 1001}, {"park.staff": 0, "park.leader": 1.0}, {"aboveScale": "yes"}, {"name": None}]  # fmt: skip
VALUES = [MISSING, *DATES, *("2026-11-23" + time for time in TIMES), "2026-02-29T00:00:00Z", *WORDS, *NUMBERS, *OTHERS]


def places(schema: dict, path=()) -> list[tuple]:
    """The path of every field that the schema names, also inside of objects."""
    found = []
    for name, field in schema.get("properties", {}).items():
        found.append((*path, name))
        found += places(field, (*path, name))
    return found


def change(data: dict, path: tuple, value) -> dict:
    """A copy with the value put there; objects on the way are made, what is none is replaced."""
    changed = copy.deepcopy(data)
    place = changed
    for name in path[:-1]:
        if not isinstance(place.get(name), dict):
            place[name] = {}
        place = place[name]
    if value is MISSING:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = copy.deepcopy(value)
    return changed


def single(schema: dict, data: dict):
    """Every field with every value."""
    return [change(data, path, value) for path in places(schema) for value in VALUES]


def double(schema: dict, data: dict, count: int, seed: int):
    """Some with two fields changed."""
    chosen = random.Random(seed)
    paths = places(schema)
    return [
        change(change(data, chosen.choice(paths), chosen.choice(VALUES)), chosen.choice(paths), chosen.choice(VALUES))
        for _ in range(count)
    ]


def amounts(schema: dict, data: dict) -> list:
    """The values of the fields that hold money."""
    return [data.get(name) for name, field in schema["properties"].items() if field.get("maximum") == 10**13]


def breaks_an_unwritten_rule(kind: str, schema: dict, data: dict) -> bool:
    """What docs/events.md asks for and JSON Schema cannot say, for data that the schema accepts."""
    if any(isinstance(amount, float) for amount in amounts(schema, data)):
        return True
    if kind == "enterprise.deregistered" and data["reason"] == "merged":
        return data["mergedInto"] == data["enterpriseId"]
    if kind == "calendar.published":
        days = [date.fromisoformat(day) for day in data["offDays"] + data["makeupWorkdays"]]
        return any(day.year != data["year"] for day in days) or len(set(days)) < len(days)
    return False
