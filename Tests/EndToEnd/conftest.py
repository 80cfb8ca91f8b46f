"""Fixtures: a broker, an installation with its receiver, and one town that the gentle tests share."""

import os

import pytest

from support import events
from support.broker import IS_FOREIGN, Broker
from support.daemon import Daemon, free_port
from support.installation import Installation
from support.kafka import Kafka, Topics
from support.receiver import Receiver


def pytest_collection_modifyitems(items):
    if not os.environ.get("SOAK"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="SOAK=1 runs it"))


class Town:
    """A daemon with everything around it."""

    def __init__(self, folder, bootstrap, create_topics=True, hook=None, client=None, **settings):
        self.kafka = Kafka(bootstrap, **(client or {}))
        self.receiver = Receiver()
        topics = Topics()
        if create_topics:
            self.kafka.create(topics)
        self.installation = Installation(
            folder, bootstrap, hook or self.receiver.url, free_port(), topics, **settings
        )
        self.daemon = Daemon(self.installation)

    @property
    def topics(self):
        return self.installation.topics

    def send(self, *sent: dict):
        """Over Kafka; returns once the broker has them."""
        self.kafka.send(self.topics.intake, *sent)

    def enterprise(self, **who) -> str:
        """Makes a new enterprise known and returns its id."""
        name, introduction = events.enterprise(**who)
        self.send(*introduction)
        return name

    def complain(self, enterprise: str, at, **data) -> tuple[str, str]:
        """Files a complaint; its number and its matter."""
        complaint = events.number("CP")
        self.send(events.filed(complaint, enterprise, at, **data))
        return complaint, f"complaint/{complaint}"

    def close(self):
        self.daemon.close()
        self.receiver.close()
        problems = self.daemon.log_problems()
        assert not problems, "\n".join(problems[:20])


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """The broker of the gentle tests."""
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture
def own_broker(tmp_path):
    """A broker that a test may cut off."""
    if IS_FOREIGN:
        pytest.skip("somebody else's cluster cannot be disturbed")
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def town(broker, tmp_path_factory):
    """One running town for all tests that leave it in order."""
    town = Town(tmp_path_factory.mktemp("town"), broker.bootstrap)
    town.daemon.start()
    yield town
    town.close()


@pytest.fixture
def build(tmp_path):
    """Makes towns of a test's own; they are not running yet."""
    built = []

    def make(bootstrap, **settings) -> Town:
        built.append(Town(tmp_path / f"town-{len(built) + 1}", bootstrap, **settings))
        return built[-1]

    yield make
    for one in built:
        one.close()


@pytest.fixture
def own_town(broker, build):
    """A running town that a test may stop, reload and break."""
    town = build(broker.bootstrap)
    town.daemon.start()
    return town
