"""The broker goes away, stalls and comes back; the daemon goes on by itself."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import events
from support.events import LEADER, STAFF
from support.kafka import Kafka, Reader
from support.waiting import PATIENCE, eventually

STRUCTURED_TYPE = "application/cloudevents+json"


@pytest.fixture
def cut_town(own_broker, build):
    """A running town on a broker of its own."""
    town = build(own_broker.bootstrap)
    town.daemon.start()
    return town


def says_that_kafka_is_away(daemon) -> list[dict]:
    """The log lines that say so."""
    return [line for line in daemon.lines() if "kafka" in line["message"].lower() or "error.code" in line]


def test_cut_off_for_twenty_seconds(own_broker, cut_town):
    town = cut_town
    enterprise = town.enterprise()
    complaint, running = town.complain(enterprise, events.due_in(2 * events.SOON))
    town.daemon.wait_for_state(running, "open")

    own_broker.control("down")
    ends = time.monotonic() + 20
    # An event over HTTP meanwhile: taken once it is safe, or refused; nothing in between.
    posted = events.filed(events.number("CP"), enterprise, events.now())
    pool = ThreadPoolExecutor(1)
    answer = pool.submit(town.daemon.post, json.dumps(posted).encode(), content_type=STRUCTURED_TYPE)
    pool.shutdown(wait=False)
    # Clocks run and messages leave without Kafka.
    town.receiver.wait_for(running, "N13", [STAFF, LEADER, "@group"], within=15)
    status, _ = town.daemon.post(b'{"specversion":"1.0"}', content_type=STRUCTURED_TYPE)
    assert status == 400, "HTTP answers"
    assert town.daemon.api.status("/healthz") == 200
    status, body = eventually(lambda: (it := town.daemon.api.request("GET", "/readyz"))[0] == 503 and it, 15)
    assert b"Kafka is away" in body, "readiness says what is missing"
    time.sleep(max(0, ends - time.monotonic()))
    assert not answer.done() or answer.result()[0] == 503, "nothing is taken that is not safe"
    own_broker.control("up")

    town.send(events.responded(complaint, enterprise, events.now()))
    town.daemon.wait_for_state(running, "met", within=40)
    after = [town.complain(enterprise, events.now())[1] for _ in range(5)]
    for matter in after:
        town.receiver.wait_for(matter, "N10", [STAFF, "@group"], within=30)
    eventually(town.daemon.is_ready, 20)
    status, _ = answer.result(60 * PATIENCE)
    assert status in (202, 503)
    if status == 202:
        town.daemon.wait_for_state(posted["subject"], "open")
    # What happened meanwhile reaches the outcomes topic afterwards.
    reader = Reader(town.installation.bootstrap, town.topics.outcomes)
    reader.until(lambda records: any(b"park.deadline.breached.v1" in one.value() for one in records), 30)
    reader.close()
    assert len(town.daemon.runs) == 1 and town.daemon.is_alive


def test_slow_network(own_broker, cut_town):
    town = cut_town
    own_broker.control("latency", "200")
    enterprise = town.enterprise()
    sent = [town.complain(enterprise, events.now())[1] for _ in range(3)]
    for matter in sent:
        town.receiver.wait_for(matter, "N10", [STAFF, "@group"], within=20)
    own_broker.control("latency", "0")


def test_stalled_network(own_broker, cut_town):
    town = cut_town
    enterprise = town.enterprise()
    town.daemon.wait_for_matter(f"enterprise/{enterprise}")
    own_broker.control("stall")
    numbers = [events.number("CP") for _ in range(5)]
    for number in numbers:
        town.kafka.put(town.topics.intake, events.filed(number, enterprise, events.now()))
    time.sleep(5)
    own_broker.control("resume")
    town.kafka.flush()
    for number in numbers:
        town.receiver.wait_for(f"complaint/{number}", "N10", [STAFF, "@group"], within=40)
    eventually(town.daemon.is_ready, 20)


def test_broker_away_at_the_start(own_broker, build):
    town = build(own_broker.bootstrap)
    own_broker.control("down")
    town.daemon.spawn()
    eventually(lambda: town.daemon.api.status("/healthz") == 200, 10, what="alive")
    status, body = town.daemon.api.request("GET", "/readyz")
    assert status == 503
    assert b"partition" in body, "readiness says what it waits for"
    said = eventually(lambda: says_that_kafka_is_away(town.daemon), 10, what="a line about Kafka")
    assert any(line["log.level"] in ("warn", "error") for line in said)
    assert not town.daemon.logged("service.ready")

    own_broker.control("up")
    town.daemon.wait_until_ready(40)
    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"], within=20)


def test_stop_while_the_broker_is_away(own_broker, cut_town):
    town = cut_town
    enterprise = town.enterprise()
    _, matter = town.complain(enterprise, events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    own_broker.control("down")
    eventually(lambda: says_that_kafka_is_away(town.daemon), what="a line about Kafka")
    code, seconds = town.daemon.stop()
    assert code == 0
    assert seconds < 15, "what waits for Kafka is given up long before the 25 s that a stop may take"
    own_broker.control("up")
    town.daemon.start(40)
    assert town.receiver.people(matter, "N10") == sorted([STAFF, "@group"]), "nobody is told again"
    _, after = town.complain(enterprise, events.now())
    town.receiver.wait_for(after, "N10", [STAFF, "@group"], within=20)


def test_topics_are_created_where_that_is_wanted(broker, build):
    town = build(broker.bootstrap, create_topics=False)
    text = town.installation.file.read_text().replace("  topics:\n", "  createTopics: true\n  topics:\n")
    town.installation.file.write_text(text)
    town.daemon.start(40)
    topics = Kafka(broker.bootstrap).admin.list_topics(timeout=10).topics
    assert set(town.topics.all) <= topics.keys()
    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"], within=20)
