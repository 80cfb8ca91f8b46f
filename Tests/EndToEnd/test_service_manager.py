"""What systemd hears: one datagram a notification, on a socket that the test listens to in its place."""

import socket

import pytest
import requests

from support.waiting import always, eventually


EXTENSION = "EXTEND_TIMEOUT_USEC="


class Manager:
    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        self.heard = []

    def listen(self, *left_out) -> list[str]:
        """The first lines of all notifications so far, without what is said again and again."""
        while True:
            try:
                self.heard.append(self.socket.recv(4096).decode().splitlines()[0])
            except BlockingIOError:
                left_out = left_out or ("STATUS=", EXTENSION)
                return [line for line in self.heard if not line.startswith(left_out)]


@pytest.fixture
def manager(tmp_path):
    manager = Manager(tmp_path / "notify")
    yield manager
    manager.socket.close()


def reload_until_done(town, times):
    """Signals that come before the daemon listens are lost, so they are sent again."""
    eventually(lambda: town.daemon.logged("service.started"))

    def done():
        town.daemon.reload()
        return len(town.daemon.logged("service.reloaded")) >= times

    eventually(done, every=0.5)


def test_a_reload_before_the_first_ready_does_not_end_the_start(build, manager):
    town = build("127.0.0.1:1", create_topics=False)
    town.daemon.spawn(NOTIFY_SOCKET=manager.path)
    reload_until_done(town, 2)
    assert town.daemon.api.status("/readyz") == 503
    assert manager.listen() == []


def test_an_open_page_does_not_hold_up_the_end(broker, build):
    town = build(broker.bootstrap)
    town.daemon.start()
    with requests.get(town.installation.url + "/api/v1/stream", stream=True, timeout=30) as stream:
        lines = stream.iter_lines()
        assert any(line == b"event: hello" for line in lines)
        code, seconds = town.daemon.stop()
        assert code == 0 and seconds < 10, f"{seconds:.1f} s"
    assert town.daemon.logged("service.stopping")


def test_a_broker_that_is_away_is_waited_for_with_more_time_asked_for(own_broker, build, manager):
    town = build(own_broker.bootstrap)
    own_broker.control("down")
    town.daemon.spawn(NOTIFY_SOCKET=manager.path)
    eventually(lambda: len(manager.listen("STATUS=")) >= 3, 15)
    asked = manager.listen("STATUS=")
    assert {line.startswith(EXTENSION) for line in asked} == {True}
    # Each asks for more than the time to the next, so that none comes too late.
    assert int(asked[0].removeprefix(EXTENSION)) >= 10_000_000
    assert any("no partition assigned" in line for line in manager.heard if line.startswith("STATUS="))
    own_broker.control("up")
    town.daemon.wait_until_ready(60)
    eventually(lambda: manager.listen()[-1:] == ["READY=1"])
    asked = len(manager.listen("STATUS="))
    always(lambda: len(manager.listen("STATUS=")) == asked, during=3)


def test_a_reload_afterwards_is_told_from_beginning_to_end(broker, build, manager):
    town = build(broker.bootstrap)
    town.daemon.spawn(NOTIFY_SOCKET=manager.path)
    eventually(lambda: manager.listen() == ["READY=1"], 20)
    town.daemon.reload()
    eventually(lambda: manager.listen() == ["READY=1", "RELOADING=1", "READY=1"])
    town.daemon.stop()
    assert manager.listen() == ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"]
