"""The daemon against the provider double: a death between intent and outcome, and answers that never come."""

import sys

import pytest

from support import events
from support.double import Double
from support.installation import POLICY
from support.waiting import always, eventually

# Hangs until it is killed, with a mark for each start.
HANGING = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(20)"


@pytest.fixture
def double():
    double = Double()
    yield double
    double.stop()


@pytest.fixture
def town(broker, build, double, tmp_path):
    """The group is told over a web hook of the double, persons by a program that hangs."""
    town = build(broker.bootstrap)
    # Every program that starts is to be one that tells of a complaint.
    policy = tmp_path / "policy.yaml"
    text = POLICY.read_text(encoding="utf-8")
    policy.write_text(text.replace("settings:\n", "settings:\n  a07.proactive: request\n", 1), encoding="utf-8")
    town.installation.write(policy=policy)
    town.starts = tmp_path / "starts"
    file = town.installation.file
    head, tail = file.read_text(encoding="utf-8").split("routing:\n")
    secret = double.credentials("webhook")["secret"]
    (town.installation.folder / "hanging.py").write_text(HANGING)
    channels = (
        f'  relay: {{ type: webhook, url: "{double.url}/hook", secret: {{ env: RELAY_SECRET }}, timeout: 30s }}\n'
        f"  slow: {{ type: command, timeout: 60s,"
        f" run: [{sys.executable}, {town.installation.folder}/hanging.py, {town.starts}] }}\n"
        "routing:\n  personal: [slow]\n  group: [relay]\n  mail: [hook]\n"
    )
    file.write_text(head + channels + tail[tail.index("http:") :], encoding="utf-8")
    town.environment = {"RELAY_SECRET": secret}
    town.daemon.start(**town.environment)
    return town


def states(town, matter):
    return {one["channel"]: one["state"] for one in town.daemon.notifications(matter, "N10")}


def test_kill_between_intent_and_outcome_leaves_doubt(town, double):
    enterprise = town.enterprise()
    double.rule("webhook", delayMilliseconds=60_000)
    number, matter = town.complain(enterprise, events.now())
    eventually(lambda: double.received("webhook", number), what="the double holds the message")
    eventually(lambda: states(town, matter) == {"relay": "sending", "slow": "sending"})
    eventually(town.starts.exists)
    town.daemon.kill()
    double.forgive()
    before = town.starts.read_text()
    town.daemon.start(**town.environment)
    eventually(lambda: states(town, matter) == {"relay": "uncertain", "slow": "uncertain"})
    always(lambda: len(double.received("webhook", number)) == 1, during=2, what="not sent again")
    assert town.starts.read_text() == before, "no program is started again"
    assert double.counters("webhook")["duplicates"] == 0
    assert double.counters("webhook")["invalid"] == 0


def test_a_receiver_that_dies_or_answers_twice(town, double):
    enterprise = town.enterprise()
    double.rule("webhook", "die", times=1, contains="CP-")
    number, matter = town.complain(enterprise, events.now())
    eventually(lambda: states(town, matter).get("relay") == "uncertain")
    double.rule("webhook", "twice")
    other, second = town.complain(enterprise, events.now())
    eventually(lambda: states(town, second).get("relay") == "sent")
    double.rule("webhook", "throttle", times=1, retryAfterSeconds=1)
    _, third = town.complain(enterprise, events.now())
    eventually(lambda: states(town, third).get("relay") == "sent", 15)
    assert [len(double.received("webhook", one)) for one in (number, other)] == [1, 1]
    assert double.counters("webhook")["invalid"] == 0
    town.daemon.kill()  # it would wait for the programs that hang
