"""The schema of a line, and plays of a week, of the sample day and of a quarter: lines, metrics and figures."""

import json
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import jsonschema_rs
import pytest
import quarter
import week
from support.daemon import API, PROGRAM, free_port
from support.waiting import eventually

PROJECT = Path(__file__).resolve().parents[2]
CONFIG = PROJECT / "config"
DOCS = PROJECT / "docs"
SCHEMA = json.loads((DOCS / "log-line.schema.json").read_text(encoding="utf-8"))
FIELDS = SCHEMA["properties"]
ACTIONS = SCHEMA["$defs"]["action"]["enum"]
JOB = "dutyclock"
# Set by Prometheus for every target; `le` by every histogram.
TARGET_LABELS = {"job", "instance"}


@dataclass
class Played:
    """What a run of `dutyclock demo` left: its lines, the metrics and figures at its end, and the names nobody may see."""

    log: Path
    metrics: str
    open_metrics: str
    names: list[str]
    # What /api/v1/status and /api/v1/rates answered, the latter by name.
    status: dict
    rates: dict[str, dict]

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


def play(folder: Path, configuration: Path, names) -> Played:
    """Plays all of it as fast as it goes, scrapes, and ends the program."""
    log, shown, port = folder / "dutyclock.jsonl", folder / "shown", free_port()
    words = ["demo", "--seconds", "0", "--port", str(port), "--configuration", configuration, "--log", log, "--locale", "en"]
    with open(shown, "wb") as out, open(folder / "stderr", "wb") as errors:
        process = subprocess.Popen([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
    try:
        eventually(lambda: process.poll() is not None or "── Summary" in shown.read_text(), 150, what="the end of the play")
        assert process.poll() is None, (folder / "stderr").read_text()
        api = API(port)
        status, page = api.request("GET", "/metrics")
        _, open_page = api.request("GET", "/metrics", headers={"accept": "application/openmetrics-text"})
        assert status == 200
        standing, rates = (json.loads(api.request("GET", f"/api/v1/{name}")[1]) for name in ("status", "rates"))
        # What concerns the end of the process is not of the play.
        text = log.read_text(encoding="utf-8")
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")
    finally:
        process.kill()
    return Played(log, page.decode(), open_page.decode(), names, standing, {one["name"]: one for one in rates["rates"]})


@pytest.fixture(scope="session")
def the_week(tmp_path_factory) -> Played:
    """Seven days with every type of event, whose free texts are full of personal data."""
    folder = tmp_path_factory.mktemp("week")
    configuration = folder / "config"
    configuration.mkdir()
    return play(folder, configuration, week.write(configuration))


@pytest.fixture(scope="session")
def the_day(tmp_path_factory) -> Played:
    """The sample day, whose figures are known by other means."""
    return play(tmp_path_factory.mktemp("day"), CONFIG, [])


@pytest.fixture(scope="session")
def the_quarter(tmp_path_factory) -> Played:
    """The sample day and what follows until the year is over."""
    folder = tmp_path_factory.mktemp("quarter")
    configuration = folder / "config"
    configuration.mkdir()
    quarter.write(configuration)
    return play(folder, configuration, [])


@pytest.fixture(scope="session")
def validator():
    return jsonschema_rs.Draft202012Validator(SCHEMA)


def problems(validator, line: dict) -> list[str]:
    return [f"{'/'.join(map(str, one.instance_path))}: {one.message[:200]}" for one in validator.iter_errors(line)]


def series(page: str) -> dict[str, set[frozenset]]:
    """Every metric of a page, with the label names and values of each of its series."""
    found: dict[str, set[frozenset]] = {}
    for line in page.splitlines():
        sample = re.fullmatch(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+", line)
        if sample and not line.startswith("#"):
            found.setdefault(sample[1], set()).add(frozenset(re.findall(r'(\w+)="([^"]*)"', sample[2] or "")))
    return found


def declared() -> dict[str, set[str]]:
    """Every metric that the program declares, with its labels: some have no series before something happens."""
    source = (PROJECT / "Sources" / "Telemetry" / "DutyclockMetrics.swift").read_text(encoding="utf-8")
    found = {}
    for kind, name, rest in re.findall(r'registry\.(\w+)\(\s*"(\w+)"((?:[^()]|\([^()]*\))*)\)', source):
        listed = re.search(r"labels: \[([^\]]*)\]", rest)
        labels = set(re.findall(r'"(\w+)"', listed[1])) if listed else set()
        if kind == "histogram":
            found |= {f"dutyclock_{name}_bucket": labels | {"le"}, f"dutyclock_{name}_sum": labels, f"dutyclock_{name}_count": labels}
        else:
            found[f"dutyclock_{name}"] = labels
    return found
