"""Stopping, starting, and a stranger in the consumer group."""

import pytest
from confluent_kafka import Consumer

from support import events
from support.events import SOON, STAFF
from support.installation import HEARTBEAT_MILLISECONDS, SESSION_MILLISECONDS
from support.kafka import QUIET
from support.waiting import PATIENCE, eventually, sleep_until


def test_restart_goes_on_at_the_stored_offset(own_town):
    town = own_town
    enterprise = town.enterprise()
    _, before = town.complain(enterprise, events.now())
    town.receiver.wait_for(before, "N10", [STAFF, "@group"])

    code, seconds = town.daemon.stop()
    assert code == 0
    assert seconds < 5, "an orderly stop is quick: nothing is under way, and nothing waits for a timer"
    actions = [line["event.action"] for line in town.daemon.lines() if "event.action" in line]
    assert actions[0] == "service.started"
    assert "service.ready" in actions and "service.stopping" in actions

    _, meanwhile = town.complain(enterprise, events.now())
    town.daemon.start()
    town.receiver.wait_for(meanwhile, "N10", [STAFF, "@group"])
    assert town.daemon.metric("events_total", result="duplicate") in (0, None), "nothing was read again"
    assert town.receiver.people(before, "N10") == sorted([STAFF, "@group"])


def test_deadline_that_passed_meanwhile_is_told_at_the_start(own_town):
    town = own_town
    enterprise = town.enterprise()
    filed = events.due_in(SOON)
    _, matter = town.complain(enterprise, filed)
    town.daemon.wait_for_state(matter, "open")
    town.daemon.stop()
    sleep_until(filed + events.HALF_HOUR)
    assert not town.receiver.told(matter, "N13")
    town.daemon.start()
    town.receiver.wait_for(matter, "N13", [STAFF, events.LEADER, "@group"])
    assert town.daemon.obligation(matter)["lateIngest"] is False


def test_interrupt_stops_as_well(own_town):
    import signal

    own_town.daemon.process.send_signal(signal.SIGINT)
    assert own_town.daemon.process.wait(10 * PATIENCE) == 0


@pytest.fixture
def stranger(own_town):
    """Another member of the daemon's group, which takes partitions and does nothing with them."""
    consumer = Consumer(
        {
            "bootstrap.servers": own_town.installation.bootstrap,
            "group.id": own_town.installation.group,
            "session.timeout.ms": SESSION_MILLISECONDS,
            "heartbeat.interval.ms": HEARTBEAT_MILLISECONDS,
            "enable.auto.commit": False,
            "client.id": "stranger",
            # Another strategy than the group's own would not be let in.
            "partition.assignment.strategy": "cooperative-sticky",
        }
        | QUIET
    )
    consumer.subscribe([own_town.topics.intake])
    yield consumer
    consumer.close()


def test_second_member_of_the_group_is_noticed_and_nothing_is_lost(own_town, stranger):
    town = own_town
    enterprises = [town.enterprise() for _ in range(6)]

    def taken():
        stranger.poll(0.1)
        return stranger.assignment()

    eventually(taken, 40, what="the stranger gets partitions")

    def is_loud():
        stranger.poll(0.05)
        return town.daemon.api.status("/readyz") == 503

    eventually(is_loud, 20, what="not ready any more")
    assert town.daemon.api.status("/healthz") == 200
    assert town.daemon.metric("group_members_foreign") == 1
    assert [line for line in town.daemon.lines() if line["log.level"] == "error" and "group" in line["message"]]

    sent = [town.complain(enterprise, events.now())[1] for enterprise in enterprises for _ in range(3)]
    for _ in range(10):
        stranger.poll(0.1)
    stranger.unsubscribe()
    stranger.close()

    eventually(lambda: town.daemon.api.status("/readyz") == 200, 40, what="ready again")
    assert town.daemon.metric("group_members_foreign") == 0
    for matter in sent:
        town.receiver.wait_for(matter, "N10", [STAFF, "@group"], within=30)
    facts = [town.daemon.matter(matter)["facts"] for matter in sent]
    assert all(len(one) == 1 for one in facts)
