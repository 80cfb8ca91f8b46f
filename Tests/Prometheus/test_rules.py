"""The rules for Prometheus that ship with the program, by Prometheus' own tool and against the program's metrics."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
RULES = PROJECT / "config" / "prometheus"
FILES = [RULES / "alerts.yml", RULES / "rules.yml"]
DECLARED = (PROJECT / "Sources" / "Telemetry" / "DutyclockMetrics.swift").read_text(encoding="utf-8")
# The parts of a histogram, and of the registry's own metric.
SUFFIXES = ("_bucket", "_sum", "_count")

needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here; .ci/setup.sh test")


def promtool(*words):
    done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def rules(file) -> list[dict]:
    return [rule for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def labels_by_metric() -> dict[str, set[str]]:
    """Every metric that the program declares, with its labels."""
    found = {}
    for name, rest in re.findall(r'registry\.\w+\(\s*"(\w+)"((?:[^()]|\([^()]*\))*)\)', DECLARED):
        listed = re.search(r"labels: \[([^\]]*)\]", rest)
        found[name] = set(re.findall(r'"(\w+)"', listed[1])) if listed else set()
    return found


@needs_promtool
def test_rules_are_valid():
    promtool("check", "rules", *FILES)


@needs_promtool
def test_alerts_speak_when_they_should():
    promtool("test", "rules", Path(__file__).with_name("alerts_test.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_metric_and_label_exists(file):
    declared = labels_by_metric()
    assert len(declared) > 20, "the declarations can be read"
    used = 0
    for rule in rules(file):
        for metric, selector in re.findall(r"\bdutyclock_(\w+)(\{[^}]*\})?", rule["expr"]):
            name = next((metric.removesuffix(s) for s in SUFFIXES if metric.removesuffix(s) in declared), metric)
            assert name in declared, f"{rule.get('alert') or rule['record']}: there is no dutyclock_{metric}"
            asked = set(re.findall(r"(\w+)\s*(?:=|!)", selector or ""))
            assert asked <= declared[name], f"dutyclock_{metric} has no label {asked - declared[name]}"
            used += 1
    assert used > 5


def test_every_alert_is_tested_and_explained():
    tests = Path(__file__).with_name("alerts_test.yml").read_text(encoding="utf-8")
    for rule in rules(RULES / "alerts.yml"):
        assert rule["alert"] in tests, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "description", "runbook"}
        page, _, section = rule["annotations"]["runbook"].partition("#")
        text = (PROJECT / page).read_text(encoding="utf-8")
        headings = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
        assert not section or section in headings, f"{rule['alert']}: {page} has no section {section}"
