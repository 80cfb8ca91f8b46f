"""A receiver that misbehaves: what is told, what is repeated, and what is left in doubt."""

import threading

import pytest

from support import events
from support.daemon import free_port
from support.events import STAFF
from support.receiver import accept, fail_first, held, refuse, slow, take_and_die
from support.waiting import always, eventually

HEARERS = 2  # the owner and the group
# How long a message may take: short, for doubt comes after it, yet enough for a good answer on a slow machine.
TIMEOUT_SECONDS = 3


@pytest.fixture
def faulty(broker, build):
    """A town whose messages may not take long, and are tried again soon."""
    town = build(broker.bootstrap, timeout=f"{TIMEOUT_SECONDS}s", channel=", retry: { attempts: 4, base: 1s, cap: 1s }")
    town.daemon.start()
    return town


def complain(town, behaviour):
    """A complaint whose messages meet this behaviour."""
    enterprise = town.enterprise()
    number = events.number("CP")
    matter = f"complaint/{number}"
    town.receiver.behave(behaviour, matter)
    town.send(events.filed(number, enterprise, events.now()))
    return matter


def states(town, matter) -> list[str]:
    return sorted(one["state"] for one in town.daemon.notifications(matter, "N10"))


def counts(town, matter) -> list[int]:
    told = town.receiver.told(matter, "N10")
    return [sum(other.id == one for other in told) for one in sorted({each.id for each in told})]


def test_slow_receiver_leaves_doubt_and_hears_nothing_twice(faulty):
    town = faulty
    matter = complain(town, slow(TIMEOUT_SECONDS + 1.5))
    eventually(lambda: states(town, matter) == ["uncertain"] * HEARERS)
    always(lambda: counts(town, matter) == [1] * HEARERS, during=4, what="each told once")
    attempts = town.daemon.notifications(matter, "N10")[0]["attempts"]
    assert [one["outcome"] for one in attempts] == ["uncertain"]
    assert len(town.daemon.logged("notification.uncertain", duty__case_id=matter.split("/")[1])) >= HEARERS


def test_receiver_that_takes_and_dies_leaves_doubt(faulty):
    town = faulty
    matter = complain(town, take_and_die)
    eventually(lambda: states(town, matter) == ["uncertain"] * HEARERS)
    always(lambda: counts(town, matter) == [1] * HEARERS, during=2, what="each told once")


def test_refusal_is_final_and_loud(faulty):
    town = faulty
    matter = complain(town, refuse(400))
    eventually(lambda: states(town, matter) == ["gaveUp"] * HEARERS)
    assert counts(town, matter) == [1] * HEARERS
    for notification in town.daemon.notifications(matter, "N10"):
        assert [one["outcome"] for one in notification["attempts"]] == ["failed"]
    number = matter.split("/")[1]
    gave_up = [
        line for line in town.daemon.logged("notification.gaveUp") if number in line.get("duty.notification_id", "")
    ]
    assert gave_up and all(line["log.level"] in ("warn", "error") for line in gave_up)
    assert town.daemon.logged("notification.failed", duty__case_id=number)


def test_server_error_is_tried_again_under_the_same_id(faulty):
    town = faulty
    matter = complain(town, fail_first(1, 500))
    eventually(lambda: states(town, matter) == ["sent"] * HEARERS)
    assert counts(town, matter) == [2] * HEARERS
    for delivery in town.receiver.told(matter, "N10"):
        assert delivery.is_signed(), "each try has a signature of its own"
    for notification in town.daemon.notifications(matter, "N10"):
        assert [one["outcome"] for one in notification["attempts"]] == ["retry", "sent"]
        assert [one["number"] for one in notification["attempts"]] == [1, 2]


def test_overloaded_receiver_is_tried_again(faulty):
    town = faulty
    matter = complain(town, fail_first(2, 429))
    eventually(lambda: states(town, matter) == ["sent"] * HEARERS)
    assert counts(town, matter) == [3] * HEARERS


def test_redirect_is_not_followed(faulty):
    town = faulty
    matter = complain(town, refuse(302))
    eventually(lambda: states(town, matter) == ["gaveUp"] * HEARERS)


def test_bad_messages_do_not_hold_up_good_ones(broker, build):
    town = build(broker.bootstrap, timeout="60s")
    town.daemon.start()
    release = threading.Event()
    bad = complain(town, held(release))
    eventually(lambda: counts(town, bad) == [1] * HEARERS)
    good = complain(town, accept)
    town.receiver.wait_for(good, "N10", [STAFF, "@group"])
    assert states(town, bad) == ["sending"] * HEARERS, "they still wait for their answer"
    release.set()
    eventually(lambda: states(town, bad) == ["sent"] * HEARERS)


def test_receiver_that_is_not_there_yet(broker, build):
    """Nothing was sent, so there is no doubt: it is tried until the receiver is up."""
    port = free_port()
    town = build(
        broker.bootstrap, hook=f"http://127.0.0.1:{port}/hook", timeout="1s",
        channel=", retry: { attempts: 50, base: 1s, cap: 1s }",
    )  # fmt: skip
    town.daemon.start()
    _, matter = town.complain(town.enterprise(), events.now())
    # Whichever message goes first; five failures close the channel to all of them for a while.
    eventually(lambda: len(town.daemon.logged("notification.failed")) >= 5)
    assert town.daemon.is_alive
    assert not town.daemon.logged("notification.uncertain")
    assert set(states(town, matter)) <= {"pending", "failed"}


def test_channel_that_keeps_failing_is_closed_off_and_comes_back(faulty):
    """Five failures in a row open the breaker; after its pause one attempt finds out."""
    town = faulty
    assert town.daemon.metric("channel_open", channel="hook") == 0
    # All of it: one success among the failures would close it at once.
    town.receiver.behave(refuse(503))
    enterprise = town.enterprise()
    for _ in range(3):
        town.complain(enterprise, events.now())
    opened = eventually(lambda: town.daemon.logged("channel.opened"), 15)[0]
    assert opened["duty.channel"] == "hook" and opened["log.level"] == "error"
    assert town.daemon.metric("channel_open", channel="hook") == 1

    town.receiver.behave(accept)
    closed = eventually(lambda: town.daemon.logged("channel.closed"), 45)[-1]
    assert closed["duty.channel"] == "hook" and closed["log.level"] == "info"
    assert town.daemon.metric("channel_open", channel="hook") == 0
