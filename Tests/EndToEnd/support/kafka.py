"""An independent Kafka client: confluent-kafka, which brings a librdkafka of its own."""

import json
import time
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from support.waiting import PATIENCE

STRUCTURED = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
PARTITIONS = 3
# These clients are not what is tested: brokers come and go under them.
QUIET = {"log_level": 0}


class Topics:
    """Names of one installation's topics, unlike any other's."""

    def __init__(self, prefix=None):
        prefix = prefix or f"e2e-{uuid.uuid4().hex[:8]}"
        self.prefix = prefix
        self.intake = f"{prefix}.events"
        self.outcomes = f"{prefix}.outcomes"
        self.dead_letters = f"{prefix}.dlq"

    @property
    def all(self):
        return [self.intake, self.outcomes, self.dead_letters]


class Kafka:
    def __init__(self, bootstrap: str, **properties):
        """`properties`: of every client, with underscores for dots."""
        self.bootstrap = bootstrap
        named = {name.replace("_", "."): value for name, value in properties.items()}
        common = {"bootstrap.servers": bootstrap} | QUIET | named
        self.producer = Producer(common | {"linger.ms": 2, "message.max.bytes": 2_000_000, "acks": "all"})
        self.admin = AdminClient(common)

    def create(self, topics: Topics):
        wanted = [NewTopic(name, PARTITIONS, 1) for name in topics.all]
        for future in self.admin.create_topics(wanted).values():
            future.result(20 * PATIENCE)

    def send(self, topic: str, *events: dict):
        """Puts structured events onto the topic and returns once the broker has them."""
        for event in events:
            self.put(topic, event)
        self.flush()

    def put(self, topic: str, event: dict):
        value = json.dumps(event, ensure_ascii=False).encode()
        self.producer.produce(topic, value, key=event["partitionkey"].encode(), headers=STRUCTURED)
        self.producer.poll(0)

    def flush(self):
        assert self.producer.flush(30 * PATIENCE) == 0, "the broker did not take everything"

    def raw(self, topic: str, value, key=b"E-raw", headers=None, partition=0):
        self.producer.produce(topic, value, key=key, headers=headers or [], partition=partition)
        self.flush()


class Reader:
    """Everything that a topic holds, from its beginning, without being in any group."""

    def __init__(self, bootstrap: str, topic: str):
        self.records = []
        self.consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": f"reader-{uuid.uuid4().hex}",
                "enable.auto.commit": False,
                "fetch.message.max.bytes": 4_000_000,
            }
            | QUIET
        )
        self.consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])

    def until(self, satisfied, within=15.0):
        """Reads on until `satisfied(records)`, seconds on a quiet machine; returns all records."""
        deadline = time.monotonic() + within * PATIENCE
        while not satisfied(self.records):
            left = deadline - time.monotonic()
            assert left > 0, f"not within {within * PATIENCE} s; {len(self.records)} records"
            self._take(min(left, 0.2))
        return self.records

    def rest(self, quiet=1.0):
        """Reads until nothing more comes for so many seconds on a quiet machine."""
        last = time.monotonic()
        while time.monotonic() - last < quiet * PATIENCE:
            if self._take(0.1):
                last = time.monotonic()
        return self.records

    def _take(self, seconds):
        messages = [m for m in self.consumer.consume(500, seconds) if not m.error()]
        self.records += messages
        return messages

    def close(self):
        self.consumer.close()
