"""What the dashboards make of lines and metrics, beside what the daemon itself says at the same moment."""

import json
import re

import promql_parser
import pytest
import yaml
from conftest import CONFIG, JOB, TARGET_LABELS
from test_grafana import BOARDS, filled, pipelines, selectors
from test_kibana import BY_ID, fits, inner

EXPECTED = json.loads((CONFIG / "examples" / "expected.json").read_text(encoding="utf-8"))
POLICY = yaml.safe_load((CONFIG / "policy" / "hengyang-2023-4.yaml").read_text(encoding="utf-8"))
RULES = {rate["name"]: set(rate.get("rules", [])) for rate in POLICY["rates"]}
# Each rate with its panel of Grafana and its object of Kibana.
RATES = {"reported": ("先报告合规率", "rate-gates"), "visits": ("季度联点完成率", "rate-visits")}
NUMBERS = {"quietDays": "宁静日入企", "unescorted": "未联系、未陪同入企"}
PLAYS = ["the_day", "the_quarter"]


@pytest.fixture(params=PLAYS)
def played(request):
    return request.getfixturevalue(request.param)


def targets(board: str, title: str, kind: str, after=0) -> list[str]:
    """The queries of the panel, or of one that comes so many places after it."""
    shown = BOARDS[board]["panels"]
    places = [
        place
        for place, panel in enumerate(shown)
        if panel["title"].startswith(title) and [one["datasource"]["type"] for one in panel.get("targets", [])][:1] == [kind]
    ]
    assert places, title
    return [one["expr"] for one in shown[places[0] + after]["targets"]]


# Grafana, from lines.


def counted(expression: str, played) -> float | None:
    """A query of numbers over all lines: the counts within it are worked out, the rest is arithmetic. None: of nothing."""
    texts = played.log.read_text(encoding="utf-8").splitlines()
    lines = list(zip(texts, map(json.loads, texts)))
    parts = set(re.findall(r"sum \(count_over_time\(.*?\]\)\)", expression))
    assert parts
    for part in parts:
        (pipeline,) = pipelines(filled(part))
        expression = expression.replace(part, str(sum(pipeline.chooses(text, line) for text, line in lines)))
    try:
        return eval(expression.replace(" or vector(0)", ""), {"__builtins__": {}})
    except ZeroDivisionError:
        return None


def ratio_in_scrape(played, name: str) -> float | None:
    found = re.search(rf'^dutyclock_rate_ratio\{{name="{name}"\}} (\S+)$', played.metrics, re.M)
    return float(found[1]) if found else None


@pytest.mark.parametrize(("title", "in_time", "due"), [("半小时回应率", "respondedInTime", "responseDue"), ("24小时方案率", "solvedInTime", "solutionDue")])
def test_rates_from_the_log_come_near_the_truth(the_day, title, in_time, due):
    """Of 63 complaints one was met, and late by a correction: lines alone cannot take back the first of the two."""
    (rate,) = targets("rates", title, "loki")
    assert counted(rate, the_day) == pytest.approx(EXPECTED[in_time] / EXPECTED[due], abs=0.02)


@pytest.mark.parametrize("name", RATES)
def test_rates_of_gates_and_visits_are_the_daemons(played, name):
    (rate,) = targets("rates", RATES[name][0], "loki")
    truth = ratio_in_scrape(played, name)
    assert counted(rate, played) == (truth and pytest.approx(truth))
    assert truth or (name, played.status["now"][:4]) == ("visits", "2026"), "no quarter is over on the sample day"


@pytest.mark.parametrize(("play", "name", "part", "whole"), [("the_day", "reported", 7, 15), ("the_day", "visits", 0, 0), ("the_quarter", "visits", 3, 8)])
def test_what_a_rate_is_made_of_is_what_the_interface_says(request, play, name, part, whole):
    played = request.getfixturevalue(play)
    numerator, denominator = targets("rates", RATES[name][0], "loki", after=1)
    month = played.rates[name]["month"]
    assert (counted(numerator, played), counted(denominator, played)) == (month["part"], month["whole"]) == (part, whole)


@pytest.mark.parametrize("name", NUMBERS)
def test_violations_that_stand_are_those_of_the_interface(the_quarter, name):
    (number,) = targets("rates", NUMBERS[name], "loki")
    assert counted(number, the_quarter) == the_quarter.rates[name]["month"]["part"] > 0
    cleared = {"quietDays": "window.cleared", "unescorted": "gate.cleared"}[name]
    of = [line for line in the_quarter.lines() if line.get("duty.rule_id") in RULES[name]]
    assert any(line["event.action"] == cleared for line in of), "else nothing would be taken off"


# Grafana, from metrics.


def in_scrape(expression: str, page: str) -> float:
    """The sum of what the one selector of a query chooses."""
    ((metric, _),) = selectors(promql_parser.parse(filled(expression)), [])
    (asked,) = re.findall(r"\{([^}]*)\}", expression)
    asked = [one for one in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', asked) if one[0] not in TARGET_LABELS]
    total = 0.0
    for words, value in re.findall(rf"^{metric}\{{(.*)\}} (\S+)$", page, re.M):
        labels = dict(re.findall(r'(\w+)="([^"]*)"', words))
        fits = [(operator.startswith("!")) != bool(re.fullmatch(wanted if "~" in operator else re.escape(wanted), labels.get(name, "")))
                for name, operator, wanted in asked]  # fmt: skip
        total += float(value) if all(fits) else 0
    return total


@pytest.mark.parametrize("title", ["在计时 open", "在计时(按规则)"])
def test_open_are_the_clocks_that_the_daemon_counts(played, title):
    (clocks,) = targets("escalations", title, "prometheus")
    assert f'job="{JOB}"' in filled(clocks)
    wanted = played.status["runningClocks"] + played.status["overdueClocks"]
    assert in_scrape(clocks, played.metrics) == wanted > 0
    # Else there would be nothing to leave out.
    assert in_scrape('dutyclock_deadlines_open{job="$job"}', played.metrics) > wanted


def test_fines_to_be_attributed(played):
    (fines,) = targets("rates", "待认定罚款", "prometheus")
    assert in_scrape(fines, played.metrics) == played.rates["attributions"]["today"]["part"] > 0


# Kibana.


@pytest.mark.parametrize("name", RATES)
def test_rates_of_kibana_are_the_daemons(played, name):
    spec = json.loads(inner(BY_ID["visualization", f"dutyclock-{RATES[name][1]}"], "visState")["params"]["spec"])
    asked = {label: one["filter"]["query_string"]["query"] for label, one in spec["data"]["url"]["body"]["aggs"].items()}
    counts = {label: sum(fits(query, line) for line in played.lines()) for label, query in asked.items()}
    made = {}
    for step in spec["transform"][:2]:
        words = re.sub(r"datum\.(\w+)\.doc_count", lambda found: str(counts[found[1]]), step["calculate"])
        made[step["as"]] = eval(words, {"__builtins__": {}})
    truth = ratio_in_scrape(played, name)
    assert (made["k"] / made["n"] if made["n"] else None) == (truth and pytest.approx(truth))


# Rules.


def named(expression: str) -> set[str]:
    lists = re.findall(r'(?:duty_rule_id|rule)[=!]~?"([^"]+)"', expression)
    return set("|".join(lists).split("|"))


def test_rules_asked_for_are_those_of_the_policy():
    for name, title in ({name: title for name, (title, _) in RATES.items()} | NUMBERS).items():
        (expression,) = targets("rates", title, "loki")
        assert named(expression) == RULES[name], name
    (fines,) = targets("rates", "待认定罚款", "prometheus")
    assert named(fines) == RULES["attributions"]
    for name, (_, kibana) in RATES.items():
        text = json.dumps(BY_ID["visualization", f"dutyclock-{kibana}"], ensure_ascii=False)
        assert set(re.findall(r"A\d\d\.[\w.]+", text)) == RULES[name], name


def test_what_is_no_clock_is_what_finds_a_wrong():
    (clocks,) = targets("escalations", "在计时 open", "prometheus")
    finding = {rule["id"] for rule in POLICY["rules"] if rule["kind"] in ("amount", "gate", "practice", "window")}
    assert named(clocks) == finding
