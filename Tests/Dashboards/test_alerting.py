"""A real Prometheus scrapes a running daemon: alerts fire when their reason is there, and queries have an answer.

The rules are those that ship, but a reason need last only a moment, and some thresholds are those of a short test;
how long each must really last is in Tests/Prometheus.
"""

import json
import re
import shutil
import signal
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml
from confluent_kafka import Consumer
from conftest import CONFIG, JOB
from support import events
from support.broker import IS_FOREIGN, Broker
from support.daemon import Daemon, free_port
from support.installation import Installation
from support.kafka import QUIET, Kafka, Topics
from support.receiver import Receiver, fail_first, refuse
from support.waiting import always, eventually
from test_grafana import PROMQL, filled

pytestmark = pytest.mark.skipif(not shutil.which("prometheus"), reason="no prometheus here; .ci/setup.sh test")
RULES = CONFIG / "prometheus"
# Of these the reason is too costly to bring about here: a thousand records that wait, a matter whose moment has
# passed and that nothing wakes, a clock that is set, a daemon that stays unready. promtool plays them.
BY_PROMTOOL = {"DutyclockConsumerLag", "DutyclockTimersOverdue", "DutyclockClockJumped", "DutyclockUnready"}
# Seconds that an alert's reason may need on a quiet machine.
WITHIN = 30


def hastened(text: str) -> str:
    """A reason need last two seconds; a message that waits for three is old."""
    text, many = re.subn(r"\bfor: \w+", "for: 2s", text)
    text, one = re.subn(r"outbox_oldest_seconds > 120", "outbox_oldest_seconds > 3", text)
    assert many == 9 and one == 1
    return text


class Prometheus:
    def __init__(self, folder: Path, target: int):
        folder.mkdir()
        for name in ("alerts.yml", "rules.yml"):
            text = (RULES / name).read_text(encoding="utf-8")
            (folder / name).write_text(hastened(text) if name == "alerts.yml" else text.replace("interval: 30s", "interval: 1s"))
        (folder / "prometheus.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(folder / "alerts.yml"), str(folder / "rules.yml")],
            "scrape_configs": [{"job_name": JOB, "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
        }))  # fmt: skip
        self.port = free_port()
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def get(self, path: str, **words):
        query = f"?{urllib.parse.urlencode(words)}" if words else ""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}{query}", timeout=20) as answer:
                return json.load(answer)["data"]
        except OSError as error:
            raise AssertionError(f"{path}: {error}") from None

    def firing(self) -> dict[str, dict]:
        return {one["labels"]["alertname"]: one for one in self.get("alerts")["alerts"] if one["state"] == "firing"}

    def wait_for(self, alert: str) -> dict:
        return eventually(lambda: self.firing().get(alert), WITHIN, 0.3, what=lambda: f"{alert}, firing {sorted(self.firing())}")

    def ask(self, expression: str) -> list[dict]:
        return self.get("query", query=expression)["result"]

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


class Watched:
    """A daemon with Prometheus at its side."""

    def __init__(self, folder: Path):
        self.broker = Broker(folder / "broker")
        self.kafka = Kafka(self.broker.bootstrap)
        self.receiver = Receiver()
        topics = Topics()
        self.kafka.create(topics)
        self.installation = Installation(folder / "town", self.broker.bootstrap, self.receiver.url, free_port(), topics)
        self.daemon = Daemon(self.installation)
        self.daemon.start()
        self.prometheus = Prometheus(folder / "prometheus", self.installation.port)
        name, introduction = events.enterprise()
        self.enterprise = name
        self.send(*introduction)
        eventually(lambda: self.prometheus.ask(f'up{{job="{JOB}"}} == 1'), what="the first scrape")

    def send(self, *sent):
        self.kafka.send(self.installation.topics.intake, *sent)

    def complain(self, at, behaviour=None) -> str:
        number = events.number("CP")
        if behaviour:
            self.receiver.behave(behaviour, f"complaint/{number}")
        self.send(events.filed(number, self.enterprise, at))
        return f"complaint/{number}"

    def close(self):
        self.prometheus.close()
        self.daemon.close()
        self.receiver.close()
        self.broker.stop()


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    if IS_FOREIGN:
        pytest.skip("it has a broker of its own")
    watched = Watched(tmp_path_factory.mktemp("watched"))
    yield watched
    watched.close()


def alerts() -> set[str]:
    groups = yaml.safe_load((RULES / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return {rule["alert"] for group in groups for rule in group["rules"]}


# In this order: later ones leave the daemon in a bad state.


def test_a_good_day_is_silent(watched):
    """But for the calendar, which may rightly lack a notice on the day of the test."""
    matter = watched.complain(events.now())
    eventually(lambda: watched.prometheus.ask(f'sum(dutyclock_notifications_total{{job="{JOB}",outcome="sent"}}) >= 2'), WITHIN)
    # Of what nobody has answered there is no time.
    watched.send(events.responded(matter.removeprefix("complaint/"), watched.enterprise, events.now()))

    def is_silent():
        # Until the first scrape nobody had answered.
        return set(watched.prometheus.firing()) <= {"DutyclockCalendarMissing"}

    eventually(is_silent, WITHIN, what=lambda: f"silence, firing {sorted(watched.prometheus.firing())}")
    always(is_silent, 3, what="silence")
    rules = [rule for group in watched.prometheus.get("rules")["groups"] for rule in group["rules"]]
    assert len(rules) >= len(alerts()) + 5
    assert [rule for rule in rules if rule["health"] != "ok"] == []


@pytest.mark.parametrize(("where", "expression"), PROMQL, ids=[where for where, _ in PROMQL])
def test_panels_have_an_answer(watched, where, expression):
    """In a range of a minute, as there is no more; what needs a failure or a reply has a series later."""
    asked = filled(expression).replace("[5m]", "[1m]").replace("[24h]", "[1m]")
    if re.search("link_rejected|replies|rate_ratio", expression):
        found = watched.prometheus.ask(asked)
    else:
        # A rate needs a second scrape.
        found = eventually(lambda: watched.prometheus.ask(asked), what=asked)
    assert all("dutyclock" not in value for one in found for name, value in one["metric"].items() if name == "rule")


def test_first_rejected_event(watched):
    watched.kafka.raw(watched.installation.topics.intake, b"no event")
    assert watched.prometheus.wait_for("DutyclockRejectedEvents")["labels"]["severity"] == "ticket"


def test_many_breaches_of_one_rule(watched):
    for _ in range(14):
        watched.complain(events.ago(minutes=31))
    found = watched.prometheus.wait_for("DutyclockBreaches")
    assert found["labels"]["rule"] == "A22.response" and float(found["value"]) > 10


def test_first_message_that_reaches_nobody(watched):
    watched.complain(events.now(), refuse(400))
    assert watched.prometheus.wait_for("DutyclockGaveUp")["labels"]["severity"] == "page"


def test_a_refused_configuration(watched):
    good = watched.installation.file.read_text(encoding="utf-8")
    watched.installation.file.write_text(good + "nonsense: 1\n", encoding="utf-8")
    watched.daemon.reload()
    watched.prometheus.wait_for("DutyclockReloadFailed")
    watched.installation.file.write_text(good, encoding="utf-8")
    watched.daemon.reload()
    eventually(lambda: "DutyclockReloadFailed" not in watched.prometheus.firing(), WITHIN, what="silent again")


def test_a_calendar_without_this_year(watched, tmp_path):
    calendar = tmp_path / "cn.yaml"
    made = yaml.safe_load((CONFIG / "calendars" / "cn.yaml").read_text(encoding="utf-8"))
    made["years"] = {year: days for year, days in made["years"].items() if int(year) < 2025}
    calendar.write_text(yaml.safe_dump(made, allow_unicode=True), encoding="utf-8")
    text = watched.installation.file.read_text(encoding="utf-8")
    watched.installation.file.write_text(text.replace(f"{CONFIG}/calendars/cn.yaml", str(calendar)), encoding="utf-8")
    watched.daemon.reload()
    watched.prometheus.wait_for("DutyclockCalendarMissing")
    assert watched.prometheus.ask(f'dutyclock_config_reload_success{{job="{JOB}"}} == 1'), "it was taken"


def test_somebody_else_in_the_group(watched):
    group = {"group.id": watched.installation.group, "session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    strategy = {"partition.assignment.strategy": "cooperative-sticky"}
    other = Consumer({"bootstrap.servers": watched.broker.bootstrap} | group | strategy | QUIET)
    try:
        other.subscribe([watched.installation.topics.intake])

        def speaks():
            other.poll(0.2)
            return watched.prometheus.firing().get("DutyclockAnotherMember")

        assert eventually(speaks, WITHIN, 0.1, what="DutyclockAnotherMember")["labels"]["severity"] == "page"
    finally:
        other.close()
    eventually(lambda: "DutyclockAnotherMember" not in watched.prometheus.firing(), WITHIN, what="silent again")


def test_messages_that_are_stuck_and_a_channel_out_of_use(watched):
    watched.receiver.behave(fail_first(1000, 503))
    for _ in range(4):
        watched.complain(events.now())
    found = watched.prometheus.wait_for("DutyclockChannelOpen")
    assert found["labels"]["channel"] == "hook" and "hook" in found["annotations"]["summary"]
    watched.prometheus.wait_for("DutyclockOutboxOld")


def test_a_daemon_that_is_gone(watched):
    watched.daemon.kill()
    assert watched.prometheus.wait_for("DutyclockAbsent")["labels"]["severity"] == "page"


def test_every_alert_is_fired_here_or_played_by_promtool():
    text = Path(__file__).read_text(encoding="utf-8")
    fired = set(re.findall(r'wait_for\("(\w+)"\)|get\("(\w+)"\)', text))
    fired = {name for pair in fired for name in pair if name.startswith("Dutyclock")}
    assert alerts() - fired <= BY_PROMTOOL
    assert not fired - alerts(), "an alert that is no more"
    played = (Path(__file__).parents[1] / "Prometheus" / "alerts_test.yml").read_text(encoding="utf-8")
    assert all(alert in played for alert in alerts())
