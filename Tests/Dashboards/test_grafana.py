"""The dashboards for Grafana: their form, and that each name in a query exists in what the program shows."""

import json
import re
import subprocess
import sys

import promql_parser
import pytest
import yaml
from conftest import ACTIONS, CONFIG, FIELDS, JOB, TARGET_LABELS, declared, series

GRAFANA = CONFIG / "dashboards" / "grafana"
BOARDS = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(GRAFANA.glob("*.json"))}
# Variables of Grafana, with what they may stand for.
VARIABLES = {"$__rate_interval": "5m", "$__range": "24h", "$__auto": "5m", "$job": JOB}
STREAM_LABELS = {"service_name"}
# Metrics of Prometheus itself.
OF_PROMETHEUS = {"up": set()}
HISTOGRAM = re.compile(r"_(bucket|sum|count)$")


def panels():
    for name, board in BOARDS.items():
        for panel in board["panels"]:
            yield name, panel


def queries(kind: str) -> list[tuple[str, str]]:
    found = []
    for name, panel in panels():
        for target in panel.get("targets", []):
            if target["datasource"]["type"] == kind:
                found.append((f"{name}: {panel['title']}", target["expr"]))
    return found


def filled(expression: str) -> str:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression.replace("$1", ""), expression
    return expression


# Their form.


def test_they_are_what_the_generator_writes():
    done = subprocess.run([sys.executable, "-B", CONFIG / "dashboards" / "generate.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stderr}\nrun python3 config/dashboards/generate.py"


def test_all_four_are_there():
    assert set(BOARDS) == {"escalations", "rates", "delivery", "pipeline"}
    assert len({board["uid"] for board in BOARDS.values()}) == 4
    for board in BOARDS.values():
        assert board["schemaVersion"] >= 36 and "id" not in board
        assert re.search(r"[\u4e00-\u9fff]", board["title"]) and re.search(r"[A-Za-z]", board["title"])
        sources = {one["name"]: one["query"] for one in board["templating"]["list"] if one["type"] == "datasource"}
        assert sources == {"DS_PROMETHEUS": "prometheus", "DS_LOKI": "loki"}


@pytest.mark.parametrize("name", BOARDS)
def test_panels_have_a_place_of_their_own(name):
    shown = BOARDS[name]["panels"]
    identifiers = [panel["id"] for panel in shown]
    assert len(identifiers) == len(set(identifiers)) > 10
    taken = {}
    for panel in shown:
        place = panel["gridPos"]
        assert 0 <= place["x"] and place["x"] + place["w"] <= 24 and place["w"] > 0 and place["h"] > 0
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} lies on {taken[x, y]}"
                taken[x, y] = panel["title"]


def test_titles_are_in_both_languages_and_queries_name_their_source():
    for name, panel in panels():
        assert re.search(r"[\u4e00-\u9fff]", panel["title"]) and re.search(r"[A-Za-z]", panel["title"]), panel["title"]
        for target in panel.get("targets", []):
            assert target["datasource"]["uid"] in ("${DS_PROMETHEUS}", "${DS_LOKI}"), name
            assert target["expr"]
        references = [target["refId"] for target in panel.get("targets", [])]
        assert len(references) == len(set(references))


def test_the_variable_job_asks_for_what_there_is():
    known = declared()
    for board in BOARDS.values():
        (job,) = [one for one in board["templating"]["list"] if one["name"] == "job"]
        metric, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", job["query"]["query"]).groups()
        assert metric in known and label in TARGET_LABELS


def test_provisioning_is_valid():
    provisioning = GRAFANA / "provisioning"
    boards = yaml.safe_load((provisioning / "dashboards.yaml").read_text(encoding="utf-8"))
    (provider,) = boards["providers"]
    assert boards["apiVersion"] == 1 and provider["type"] == "file"
    assert provider["options"]["path"].endswith("/share/dutyclock/dashboards/grafana")
    sources = yaml.safe_load((provisioning / "datasources.yaml").read_text(encoding="utf-8"))
    assert {one["type"] for one in sources["datasources"]} == {"prometheus", "loki"}


# PromQL.

PROMQL = queries("prometheus")


def selectors(node, found):
    """Every selector of a parsed expression: its metric and the labels it asks for; empty are those that it leaves out."""
    if isinstance(node, promql_parser.VectorSelector):
        out = (promql_parser.MatchOp.NotEqual, promql_parser.MatchOp.NotRe)
        found.append((node.name, {one.name: "" if one.op in out else one.value for one in node.matchers.matchers}))
    for part in ("expr", "lhs", "rhs", "args", "vector_selector", "param"):
        inner = getattr(node, part, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None and not isinstance(one, (str, int, float)):
                selectors(one, found)
    return found


def grouped(expression: str) -> list[set[str]]:
    lists = re.findall(r"\bby \(([^)]*)\)", expression)
    return [{label.strip() for label in one.split(",")} for one in lists]


@pytest.mark.parametrize(("where", "expression"), PROMQL, ids=[where for where, _ in PROMQL])
def test_promql_names_what_is_declared(where, expression):
    known = declared() | OF_PROMETHEUS
    found = selectors(promql_parser.parse(filled(expression)), [])
    assert found, "a selector"
    for metric, labels in found:
        assert metric in known, f"there is no {metric}"
        assert set(labels) - TARGET_LABELS <= known[metric], f"{metric} has no label {set(labels) - known[metric]}"
        assert labels.get("job") == JOB, "narrowed to the job that was chosen"
    labels = set().union(*(known[metric] for metric, _ in found)) | TARGET_LABELS
    for group in grouped(expression):
        assert group <= labels, f"grouped by {group - labels}"


def test_promtool_reads_every_expression(tmp_path):
    rules = [{"record": f"check:panel{place}", "expr": filled(expression)} for place, (_, expression) in enumerate(PROMQL)]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    done = subprocess.run(["promtool", "check", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0 and f"{len(rules)} rules found" in done.stdout, done.stdout + done.stderr


def test_the_scrapes_have_what_promql_asks_for(the_week, the_quarter):
    """Metrics and values of labels that the plays bring about are in a scrape; the others are known by name."""
    # Series that come with the first happening of their kind, none of which the plays have.
    late = {"dutyclock_channel_open", "dutyclock_link_rejected_total", "dutyclock_replies_total", "up"}
    scraped = series(the_week.metrics + the_quarter.metrics)
    assert {metric for metric in scraped if not HISTOGRAM.search(metric)} <= set(declared()) | {"dutyclock_metric_series_dropped_total"}
    asked = 0
    for where, expression in PROMQL:
        for metric, labels in selectors(promql_parser.parse(filled(expression)), []):
            if metric in late:
                continue
            assert metric in scraped, f"{where}: {metric} is not in the scrape"
            for name, value in labels.items():
                if name in TARGET_LABELS or not value or value in ("gaveUp", "sent"):
                    continue
                assert any((name, value) in one for one in scraped[metric]), f"{where}: {metric}{{{name}={value}}}"
                asked += 1
    assert asked > 2


# LogQL, of which the dashboards use a part: a stream, filters of lines, `json`, filters of labels, `line_format`.

LOGQL = queries("loki")
PIPELINE = re.compile(r"\{[^}]*\}[^\[\])(]*(?:\([^)]*\)[^\[\])(]*)*")


def flattened(name: str) -> str:
    """The label that Loki's `json` makes of a field."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", name)


LABELS = {flattened(name): name for name in FIELDS}


class Pipeline:
    """One log query, as far as it chooses lines."""

    def __init__(self, text: str):
        stream, rest = re.fullmatch(r"(\{[^}]*\})(.*)", text.strip(), re.S).groups()
        self.stream = dict(re.findall(r'(\w+)="([^"]*)"', stream))
        self.stages = []
        self.labels = set(self.stream) - STREAM_LABELS
        while rest := rest.strip():
            stage = re.match(
                r'(?P<line>\|[=~]) "(?P<words>[^"]*)"|\| (?P<json>json)\b'
                r'|\| (?P<label>\w+) ?(?P<operator>=~|!~|!=|=) ?"(?P<value>[^"]*)"'
                r'|\| line_format "(?P<format>[^"]*)"',
                rest,
            )
            assert stage, f"cannot be read: {rest}"
            self.stages.append(stage.groupdict())
            if stage["label"]:
                self.labels.add(stage["label"])
            self.labels |= set(re.findall(r"\{\{\.(\w+)\}\}", stage["format"] or ""))
            rest = rest[stage.end() :]

    def chooses(self, text: str, line: dict) -> bool:
        return all(self.passes(stage, text, line) for stage in self.stages)

    @staticmethod
    def passes(stage: dict, text: str, line: dict) -> bool:
        if stage["line"]:
            return stage["words"] in text if stage["line"] == "|=" else bool(re.search(stage["words"], text))
        if not stage["label"]:
            return True
        value = line.get(LABELS[stage["label"]], "")
        shown = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        fits = re.fullmatch(stage["value"], shown) if "~" in stage["operator"] else shown == stage["value"]
        return bool(fits) != stage["operator"].startswith("!")


def pipelines(expression: str) -> list[Pipeline]:
    """Of a query of numbers those within count_over_time, else the whole."""
    inner = re.findall(r"count_over_time\((\{.*?) \[", expression)
    return [Pipeline(one) for one in inner or [expression]]


def test_flattening_is_unambiguous():
    assert len(LABELS) == len(FIELDS)


@pytest.mark.parametrize(("where", "expression"), LOGQL, ids=[where for where, _ in LOGQL])
def test_logql_names_fields_of_a_line(where, expression):
    assert expression.count("(") == expression.count(")") and expression.count("{") == expression.count("}")
    for pipeline in pipelines(filled(expression)):
        assert pipeline.stream == {"service_name": "dutyclock"}
        assert pipeline.labels <= set(LABELS), f"no field {pipeline.labels - set(LABELS)}"
        for stage in pipeline.stages:
            if stage["label"] == "event_action":
                fitting = [one for one in ACTIONS if re.fullmatch(stage["value"], one)]
                assert fitting, f"no action {stage['value']}"
    for group in grouped(expression):
        assert group <= set(LABELS), f"grouped by {group - set(LABELS)}"


def test_legends_name_labels_that_are_grouped_by():
    for name, panel in panels():
        for target in panel.get("targets", []):
            asked = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
            groups = set().union(*grouped(target["expr"])) if grouped(target["expr"]) else {"name"}
            assert asked <= groups, f"{name}: {panel['title']}: {asked - groups}"


def test_logql_finds_lines_in_the_plays(the_week, the_quarter):
    """A filter that fits nothing looks like a quiet park."""
    # What does not happen where every message arrives.
    quiet = r"notification\.\(?(failed|uncertain|gaveUp)|channel\.|service"
    texts = [text for played in (the_week, the_quarter) for text in played.log.read_text(encoding="utf-8").splitlines()]
    lines = list(zip(texts, map(json.loads, texts)))
    tried = 0
    for where, expression in LOGQL:
        for pipeline in pipelines(filled(expression)):
            if re.search(quiet, str(pipeline.stages)):
                continue
            tried += 1
            assert any(pipeline.chooses(text, line) for text, line in lines), f"{where}: {expression}"
    assert tried > 25


def test_every_rate_of_the_policy_has_a_panel():
    policy = yaml.safe_load((CONFIG / "policy" / "hengyang-2023-4.yaml").read_text(encoding="utf-8"))
    # Numbers and times are no shares, and have no ratio.
    others = ("breaches", "open", "noted", "median", "p90", "billed", "billedAmount", "owedAmount", "age", "shares")
    shares = {rate["name"]: rate["title"]["zh"] for rate in policy["rates"] if rate["measure"] not in others}
    shown = {}
    for name, panel in panels():
        for target in panel.get("targets", []):
            for rate in re.findall(r'rate_ratio\{[^}]*name="(\w+)"', target["expr"]):
                shown[rate] = panel["title"]
    assert shown.keys() == shares.keys()
    for rate, title in shares.items():
        assert shown[rate].startswith(title), "called as the policy calls it"
