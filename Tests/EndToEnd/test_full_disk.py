"""A disk that is full: said at once, though nothing happens, and over as soon as there is room."""

import os
import subprocess

import pytest

from support import events
from support.events import STAFF
from support.waiting import always, eventually


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own, for the store alone."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("a file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk):
    """Until not a byte more fits."""
    with open(disk / "ballast", "wb", buffering=0) as ballast:
        for size in (65_536, 4_096, 1):
            try:
                while ballast.write(b"x" * size):
                    pass
            except OSError:
                continue
    assert os.statvfs(disk).f_bavail == 0


@pytest.fixture
def town_on(broker, build, disk):
    town = build(broker.bootstrap)
    text = town.installation.file.read_text()
    town.installation.file.write_text(text.replace("sqlite:dutyclock.db", f"sqlite://{disk}/dutyclock.db"))
    town.daemon.start()
    return town


def test_full_disk_without_traffic_makes_unready_until_there_is_room(town_on, disk):
    town = town_on
    enterprise = town.enterprise()
    _, before = town.complain(enterprise, events.now())
    town.receiver.wait_for(before, "N10", [STAFF, "@group"])
    fill(disk)

    status, body = eventually(lambda: (it := town.daemon.api.request("GET", "/readyz"))[0] == 503 and it, 15)
    assert b"store is away" in body and b"full" in body
    assert town.daemon.metric("ready") == 0
    # Though it can be read all the while, and each try to write takes turns with the reading.
    always(lambda: town.daemon.api.status("/readyz") == 503, during=4)
    assert town.daemon.matter(before) and town.daemon.is_alive
    _, meanwhile = town.complain(enterprise, events.now())

    (disk / "ballast").unlink()
    town.daemon.wait_until_ready(15)
    town.receiver.wait_for(meanwhile, "N10", [STAFF, "@group"])
    assert town.daemon.metric("ready") == 1


def test_room_for_a_tiny_commit_alone_makes_unready_as_well(town_on, disk):
    """What proves that commits pass is as large as what has to be committed."""
    town = town_on
    enterprise = town.enterprise()
    _, before = town.complain(enterprise, events.now())
    town.receiver.wait_for(before, "N10", [STAFF, "@group"])
    fill(disk)
    os.truncate(disk / "ballast", (disk / "ballast").stat().st_size - 160_000)
    long = "很长的说明" * 800
    names = [events.number("CP") for _ in range(40)]
    town.send(*[events.filed(name, enterprise, events.now(), note=long) for name in names])

    eventually(lambda: town.daemon.api.status("/readyz") == 503, 15)
    always(lambda: town.daemon.api.status("/readyz") == 503, during=5)
    assert b"store is away" in town.daemon.api.request("GET", "/readyz")[1]
    failures = town.daemon.metric("commit_failures_total")
    assert failures >= 1
    said = town.daemon.logged(message="commit failed, reading again from the stored offsets")
    assert len(said) == 1, "once, however often it is tried"

    (disk / "ballast").unlink()
    town.daemon.wait_until_ready(20)
    for name in names:
        town.daemon.wait_for_state(f"complaint/{name}", "open")
    assert eventually(lambda: town.daemon.logged(message="commits pass again"))
    assert town.daemon.metric("ready") == 1
