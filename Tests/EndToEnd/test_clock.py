"""The wall clock of the machine is set, forward and back, while the daemon runs."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from support import events
from support.events import HEAD, LEADER, STAFF
from support.waiting import always, eventually


class WallClock:
    """The daemon's own; `jump` sets it so many seconds on."""

    def __init__(self, folder):
        self.file = folder / "offset"
        self.library = folder / "wallclock.so"
        self.seconds = 0
        self._write()
        source = Path(__file__).parent / "support" / "wallclock.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.library, source, "-ldl"], check=True)

    def _write(self):
        # In place, so that who has it mapped sees it.
        with open(self.file, "r+b" if self.file.exists() else "wb") as file:
            file.write(struct.pack("=q", self.seconds))

    def jump(self, seconds):
        self.seconds += seconds
        self._write()

    @property
    def environment(self):
        return {"LD_PRELOAD": str(self.library), "WALL_CLOCK_OFFSET": str(self.file)}


@pytest.fixture
def clock(tmp_path):
    if not shutil.which("cc"):
        pytest.skip("needs a C compiler")
    return WallClock(tmp_path)


@pytest.fixture
def town(broker, build, clock):
    town = build(broker.bootstrap)
    town.daemon.start(**clock.environment)
    return town


def jumps(town) -> list[int]:
    return [line["duty.jump_seconds"] for line in town.daemon.logged("clock.jumped", log__level="warn")]


def breaches(town, matter) -> int:
    return len(town.daemon.logged("deadline.breached", duty__matter=matter, duty__rule_id="A22.response"))


def test_clock_set_forward_and_back_is_said_and_each_timer_fires_once(town, clock):
    enterprise = town.enterprise()
    _, matter = town.complain(enterprise, events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    assert jumps(town) == []

    clock.jump(31 * 60)
    (forward,) = eventually(lambda: jumps(town), 10)
    assert abs(forward - 31 * 60) <= 2
    town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])
    assert breaches(town, matter) == 1

    # At once, and not when the time that it was has come again.
    clock.jump(-21 * 60)
    eventually(lambda: len(jumps(town)) == 2, 10)
    assert abs(jumps(town)[1] + 21 * 60) <= 2
    assert town.daemon.metric("clock_jumps_total") == 2

    # What arrives meanwhile looks at the matter by the earlier time: the breach is not undone, nor said again.
    town.send(events.assigned(enterprise, "P-0007", "county.linked"))
    _, other = town.complain(enterprise, events.now())
    town.receiver.wait_for(other, "N10", [STAFF, "@group"])
    clock.jump(30 * 60)
    eventually(lambda: len(jumps(town)) == 3, 10)
    town.receiver.wait_for(other, "N13", [STAFF, LEADER, "@group"])
    always(lambda: breaches(town, matter) == 1 and breaches(town, other) == 1, during=2)
    assert town.daemon.notifications(matter, "N25") == []
    assert len(town.daemon.notifications(matter, "N14")) == 0

    clock.jump(30 * 60)
    town.receiver.wait_for(matter, "N14", [HEAD])
    assert breaches(town, matter) == 1
