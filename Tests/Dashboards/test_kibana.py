"""The saved objects for Kibana: references that resolve, and names of fields that a line may have."""

import json
import re

import pytest
from conftest import ACTIONS, CONFIG, FIELDS

KIBANA = CONFIG / "dashboards" / "kibana"
OBJECTS = [json.loads(line) for line in (KIBANA / "dutyclock.ndjson").read_text(encoding="utf-8").splitlines()]
BY_ID = {(one["type"], one["id"]): one for one in OBJECTS}
TEMPLATE = json.loads((KIBANA / "index-template.json").read_text(encoding="utf-8"))
MAPPINGS = TEMPLATE["template"]["mappings"]["properties"]
VISUALIZATIONS = [one for one in OBJECTS if one["type"] == "visualization"]


def inner(one: dict, name: str):
    return json.loads(one["attributes"][name])


def query(one: dict) -> str:
    return json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]


def asked(text: str) -> list[tuple[str, str]]:
    """Fields of a query in KQL or Lucene's language, each with what it is compared with."""
    return re.findall(r'([@_a-z][\w.@]*)\s*:\s*(\([^)]*\)|"[^"]*"|[^\s)]+)', text)


def queries(one: dict) -> list[str]:
    if one["type"] == "index-pattern":
        return []
    if one["type"] != "visualization":
        return [query(one)]
    state = inner(one, "visState")
    found = [query(one)]
    found += [f["input"]["query"] for agg in state["aggs"] if agg["type"] == "filters" for f in agg["params"]["filters"]]
    if state["type"] == "vega":
        aggregations = json.loads(state["params"]["spec"])["data"]["url"]["body"]["aggs"]
        found += [agg["filter"]["query_string"]["query"] for agg in aggregations.values()]
    return [text for text in found if text]


def test_there_is_all_that_is_needed():
    assert len(BY_ID) == len(OBJECTS), "each has an id of its own"
    kinds = [one["type"] for one in OBJECTS]
    assert kinds.count("index-pattern") == 1 and kinds.count("dashboard") == 4
    assert kinds.count("search") >= 5 and kinds.count("visualization") >= 12
    for one in OBJECTS:
        assert one["migrationVersion"].keys() == {one["type"]}
        if one["type"] != "index-pattern":
            title = one["attributes"]["title"]
            assert re.search(r"[\u4e00-\u9fff]", title) and re.search(r"[A-Za-z]", title)


def test_no_object_comes_before_what_it_refers_to():
    known = set()
    for one in OBJECTS:
        for reference in one["references"]:
            assert (reference["type"], reference["id"]) in known, f"{one['id']} refers to {reference}"
        known.add((one["type"], one["id"]))


@pytest.mark.parametrize("one", [one for one in OBJECTS if one["type"] in ("search", "visualization")], ids=lambda one: one["id"])
def test_a_query_has_its_data_view(one):
    source = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    names = [reference["name"] for reference in one["references"]]
    if one["type"] == "visualization" and inner(one, "visState")["type"] == "vega":
        assert names == [] and "indexRefName" not in source
    else:
        assert names == [source["indexRefName"]]


@pytest.mark.parametrize("one", [one for one in OBJECTS if one["type"] == "dashboard"], ids=lambda one: one["id"])
def test_panels_of_a_dashboard(one):
    panels = inner(one, "panelsJSON")
    references = {reference["name"]: reference for reference in one["references"]}
    assert len(panels) == len(references) > 2
    taken = set()
    for panel in panels:
        reference = references[f"{panel['panelIndex']}:{panel['panelRefName']}"]
        assert reference["type"] == panel["type"]
        place = panel["gridData"]
        assert place["i"] == panel["panelIndex"] and place["x"] + place["w"] <= 48
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, f"{panel['title']} lies on another"
        taken |= cells
    used = {reference["id"] for board in OBJECTS if board["type"] == "dashboard" for reference in board["references"]}
    assert {one["id"] for one in OBJECTS if one["type"] in ("search", "visualization")} <= used


@pytest.mark.parametrize("one", [one for one in OBJECTS if one["type"] in ("search", "visualization")], ids=lambda one: one["id"])
def test_queries_name_fields_of_a_line(one):
    for text in queries(one):
        found = asked(text)
        assert found, text
        for name, value in found:
            if name == "_exists_":
                assert value in FIELDS
                continue
            assert name in FIELDS, f"{one['id']}: no field {name}"
            if name == "event.action":
                for action in re.findall(r"[a-z]+\.[a-zA-Z]+", value):
                    assert action in ACTIONS, f"{one['id']}: no action {action}"
            if "enum" in FIELDS[name]:
                words = re.findall(r'"([^"]+)"', value)
                assert set(words) <= set(FIELDS[name]["enum"]), f"{one['id']}: {name} is never {value}"
        assert text.count('"') % 2 == 0 and text.count("(") == text.count(")")


@pytest.mark.parametrize("one", [one for one in OBJECTS if one["type"] == "search"], ids=lambda one: one["id"])
def test_columns_are_fields(one):
    columns = one["attributes"]["columns"]
    assert columns and set(columns) <= set(FIELDS)
    assert [name for name, _ in one["attributes"]["sort"]] == ["@timestamp"]


@pytest.mark.parametrize("one", VISUALIZATIONS, ids=lambda one: one["id"])
def test_aggregations_are_over_fields_that_can_be_counted(one):
    state = inner(one, "visState")
    assert state["title"] == one["attributes"]["title"]
    identifiers = [agg["id"] for agg in state["aggs"]]
    assert len(identifiers) == len(set(identifiers))
    for agg in state["aggs"]:
        field = agg["params"].get("field")
        if field:
            assert MAPPINGS[field]["type"] == ("date" if agg["type"] == "date_histogram" else "keyword"), field
        if "orderBy" in agg["params"]:
            assert agg["params"]["orderBy"] in identifiers
    if state["type"] == "vega":
        spec = json.loads(state["params"]["spec"])
        url = spec["data"]["url"]
        assert url["index"] == TEMPLATE["index_patterns"][0]
        named = set(re.findall(r"datum\.(\w+)\.doc_count", json.dumps(spec["transform"])))
        assert named == set(url["body"]["aggs"])
        made = {step["as"] for step in spec["transform"]}
        assert spec["encoding"]["text"]["field"] in made


def fits(text: str, line: dict) -> bool:
    """A query in KQL or Lucene's language, of which the dashboards use clauses joined by AND."""
    for clause in re.split(r" and ", text, flags=re.IGNORECASE):
        positive = clause.removeprefix("NOT ")
        name, value = (word.strip() for word in positive.split(":", 1))
        if name == "_exists_":
            is_so = value in line
        else:
            shown = line.get(name)
            is_so = (str(shown).lower() if isinstance(shown, bool) else shown) in (re.findall(r'"([^"]+)"', value) or [value])
        if is_so == (clause != positive):
            return False
    return True


@pytest.mark.parametrize(("name", "actions"), [
    ("attempts", {"notification.sent"}), ("channels", {"notification.sent"}), ("codes", set()),
])  # fmt: skip
def test_a_record_that_was_rejected_is_no_attempt_to_tell(the_week, name, actions):
    lines = the_week.lines()
    assert any(line.get("event.outcome") == "failure" for line in lines), "a rejected record has one"
    asked = query(BY_ID["visualization", f"dutyclock-{name}"])
    assert {line["event.action"] for line in lines if fits(asked, line)} == actions
    failed = {"event.action": "notification.failed", "event.outcome": "failure"}
    assert fits(asked, failed)


def test_the_template_gives_every_field_a_type(the_week):
    assert set(MAPPINGS) == set(FIELDS)
    view = next(one for one in OBJECTS if one["type"] == "index-pattern")["attributes"]
    assert TEMPLATE["index_patterns"] == [view["title"]] and MAPPINGS[view["timeFieldName"]] == {"type": "date"}
    fits = {"date": str, "keyword": (str, list), "match_only_text": (str, list), "long": int, "boolean": bool, "double": float}
    for line in the_week.lines():
        for name, value in line.items():
            assert isinstance(value, fits[MAPPINGS[name]["type"]]), f"{name}: {value!r}"


def test_lines_are_kept_for_200_days():
    policy = json.loads((KIBANA / "lifecycle.json").read_text(encoding="utf-8"))["policy"]
    assert policy["phases"]["delete"]["min_age"] == "200d"
    assert TEMPLATE["template"]["settings"]["index.lifecycle.name"] == "dutyclock-logs"
