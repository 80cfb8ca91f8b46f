"""Nobody can be found in a great many lines of a daemon under load, nor in its metrics; every line is valid.

LINES says how many: 60,000 unless it says otherwise, a million in `make soak`.
"""

import json
import os
import random
import time

import pytest
from conftest import problems
from support import events
from support.broker import Broker
from support.daemon import Daemon, free_port
from support.installation import PEOPLE, Installation
from support.kafka import Kafka, Topics
from support.personal import Detector
from support.receiver import Receiver
from support.waiting import PATIENCE
from week import PERSONAL

LINES = int(os.environ.get("LINES", "60000"))
ENTERPRISES = 200
BATCH = 500
NAMES = [name for name, _ in PEOPLE.values()]


class Load:
    """Complaints and their answers, whose every text names somebody."""

    def __init__(self, kafka, topic, seed=7):
        self.kafka, self.topic = kafka, topic
        self.random = random.Random(seed)
        self.enterprises = []
        for _ in range(ENTERPRISES):
            name, introduction = events.enterprise()
            self.enterprises.append(name)
            for event in introduction:
                kafka.put(topic, event)
        kafka.flush()

    def words(self) -> str:
        return self.random.choice(PERSONAL).format(name=self.random.choice(NAMES))

    def batch(self):
        for _ in range(BATCH):
            number, enterprise = events.number("CP"), self.random.choice(self.enterprises)
            # One in ten is late when it comes.
            at = events.ago(minutes=40 if self.random.random() < 0.1 else 1)
            personal = {"summary": self.words(), "contactRef": self.words(), "note": self.words(), "phone": "13900001111"}
            self.kafka.put(self.topic, events.filed(number, enterprise, at, **personal))
            answer = events.responded(number, enterprise, events.now())
            answer["data"] |= {"note": self.words(), "remark": self.words()}
            if self.random.random() < 0.8:
                self.kafka.put(self.topic, answer)
            if self.random.random() < 0.05:
                self.kafka.put(self.topic, answer)
            if self.random.random() < 0.02:
                self.kafka.producer.produce(self.topic, self.words().encode(), key=enterprise.encode())
            if self.random.random() < 0.05:
                gone = events.withdrawn(number, enterprise, events.now())
                gone["data"]["reason"] = self.words()
                self.kafka.put(self.topic, gone)
        self.kafka.flush()


@pytest.fixture
def daemon(tmp_path):
    broker, receiver, topics = Broker(tmp_path / "broker"), Receiver(), Topics()
    kafka = Kafka(broker.bootstrap)
    kafka.create(topics)
    # In shadow mode nothing waits for a receiver: each message is a line as if it had been sent.
    installation = Installation(tmp_path / "town", broker.bootstrap, receiver.url, free_port(), topics, shadow="true")
    daemon = Daemon(installation)
    daemon.start()
    yield daemon, Load(kafka, topics.intake)
    daemon.close()
    receiver.close()
    broker.stop()


def test_no_line_under_load_names_anybody(daemon, validator, capsys):
    daemon, load = daemon
    detector = Detector(NAMES)
    read, sent, reported = 0, 0, time.monotonic()
    # Without a new line for so long, the daemon is stuck.
    patience, last = 30 * PATIENCE, time.monotonic()
    with open(daemon.runs[-1], encoding="utf-8") as log:
        rest = ""
        while read < LINES:
            # Not so far ahead that the broker has to keep it all; more once everything has been read.
            if sent - read // 10 < 20 * BATCH or time.monotonic() - last > 1:
                load.batch()
                sent += BATCH
            text = rest + log.read()
            lines = text.split("\n")
            rest = lines.pop()
            for line in lines:
                found = detector.found(line)
                assert not found, f"{found}: {line[:400]}"
                wrong = problems(validator, json.loads(line))
                assert not wrong, f"{wrong}: {line[:400]}"
            read += len(lines)
            if lines:
                last = time.monotonic()
            assert daemon.is_alive and time.monotonic() - last < patience, f"{read} lines, then none"
            if LINES > 100_000 and time.monotonic() - reported > 15:
                reported = time.monotonic()
                with capsys.disabled():
                    print(f"{read} of {LINES} lines read", flush=True)
    status, page = daemon.api.request("GET", "/metrics")
    named = [line if line.startswith("#") else line.rsplit(" ", 1)[0] for line in page.decode().splitlines()]
    assert status == 200 and not detector.found("\n".join(named))
    actions = {json.loads(line).get("event.action") for line in daemon.runs[-1].read_text(encoding="utf-8").splitlines()[:20_000]}
    assert actions >= {"event.accepted", "event.rejected", "event.duplicate", "deadline.breached", "deadline.met", "notification.sent"}
    with capsys.disabled():
        print(f"\n{read} lines read, none names anybody")
    daemon.stop()
    # A million lines are most of a gigabyte.
    daemon.runs[-1].unlink()
