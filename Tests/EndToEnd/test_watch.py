"""`dutyclock watch` on a terminal: it fits the window, follows what happens and gives the terminal back."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import threading

import pyte
import pytest

from support import events
from support.daemon import PROGRAM
from support.waiting import PATIENCE, eventually


class Window:
    """A program on a terminal of its own, with the screen that a person would see."""

    def __init__(self, *words, columns=100, rows=30, **environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.seen = bytearray()
        self.lock = threading.Lock()
        self.master, slave = pty.openpty()
        self.resize(columns, rows, tell=False)
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        environment = {name: one for name, one in os.environ.items() if name != "NO_COLOR"} | {
            "TERM": "xterm-256color"
        } | environment  # fmt: skip
        self.process = subprocess.Popen(
            [PROGRAM, *map(str, words)], stdin=slave, stdout=slave, stderr=slave, env=environment,
            start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            with self.lock:
                self.seen += data
                self.stream.feed(data)

    def resize(self, columns, rows, tell=True):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            with self.lock:
                self.screen.resize(rows, columns)
            self.process.send_signal(signal.SIGWINCH)

    @property
    def text(self) -> str:
        with self.lock:
            return "\n".join(line.rstrip() for line in self.screen.display)

    def shows(self, *words):
        return eventually(
            lambda: all(word in self.text for word in words) and self.text,
            what=lambda: f"{words} in\n{self.text}",
        )

    def press(self, keys: bytes):
        os.write(self.master, keys)

    def end(self) -> int:
        return self.process.wait(20 * PATIENCE)

    def is_given_back(self) -> bool:
        """The settings of before, the main screen, the cursor, and lines that wrap."""
        left = bytes(self.seen)
        last = {code: left.rfind(b"\x1b[?%s" % code) for code in (b"1049h", b"1049l", b"25h", b"25l", b"7h", b"7l")}
        return (
            termios.tcgetattr(self.slave) == self.before
            and last[b"1049l"] > last[b"1049h"] >= 0
            and last[b"25h"] > last[b"25l"] >= 0
            and last[b"7h"] > last[b"7l"] >= 0
        )

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.slave)
        os.close(self.master)


@pytest.fixture
def watch(town):
    windows = []

    def open(*words, **settings) -> Window:
        windows.append(Window("watch", "--url", town.installation.url, *words, **settings))
        return windows[-1]

    yield open
    for window in windows:
        window.close()


@pytest.fixture(scope="module")
def enterprise(town):
    name = town.enterprise()
    _, matter = town.complain(name, events.due_in(-30))
    town.daemon.wait_for_state(matter, "breached")
    return name


def test_it_shows_limits_and_figures_and_counts_down(town, enterprise, watch):
    _, matter = town.complain(enterprise, events.due_in(100))
    town.daemon.wait_for_matter(matter)
    window = watch()
    window.shows("dutyclock", "已超时", "进行中", "半小时回应率", matter, "● 实时")

    def left():
        row = next((one for one in window.text.splitlines() if matter in one), "")
        return row.split(" 剩")[1].split()[0] if " 剩" in row else None

    first = eventually(left)
    eventually(lambda: left() not in (first, None), what="less time left")


def test_a_new_complaint_appears_without_a_key(town, enterprise, watch):
    window = watch("--locale", "en")
    window.shows("● live", "Overdue", "left")
    _, matter = town.complain(enterprise, events.due_in(60))
    window.shows(matter)


def test_it_fits_every_window(town, enterprise, watch):
    window = watch(columns=100, rows=30)
    window.shows("q 退出")
    for columns, rows in [(40, 10), (150, 50), (20, 5), (100, 30)]:
        window.resize(columns, rows)
        # The last line is the footer, the first one the title: nothing wrapped, nothing scrolled.
        eventually(
            lambda rows=rows: (lines := window.text.splitlines())
            and lines[0].startswith("dutyclock")
            and lines[-1].startswith("q 退出")
            and len(lines) == rows,
            what=lambda: f"{columns}×{rows}:\n{window.text}",
        )


@pytest.mark.parametrize("keys", [b"q", b"Q", b"\x03"])
def test_a_key_ends_it_and_gives_the_terminal_back(town, enterprise, watch, keys):
    window = watch()
    window.shows("dutyclock")
    assert not window.is_given_back()
    window.press(b"x" + keys)
    assert window.end() == 0
    eventually(window.is_given_back)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_does_the_same(town, enterprise, watch, number):
    window = watch()
    window.shows("dutyclock")
    window.process.send_signal(number)
    assert window.end() == 0
    eventually(window.is_given_back)


def colours(window: Window) -> list[bytes]:
    return [code for code in (b"\x1b[31m", b"\x1b[1;31m", b"\x1b[32m", b"\x1b[1m") if code in window.seen]


def test_colours_and_none_where_they_are_not_wanted(town, enterprise, watch):
    coloured = watch()
    coloured.shows("■")
    assert colours(coloured)
    plain = watch(NO_COLOR="1")
    plain.shows("■", "● 实时")
    assert not colours(plain)


def test_it_goes_on_while_the_daemon_is_away(own_town, broker):
    window = Window("watch", "--url", own_town.installation.url)
    try:
        window.shows("● 实时")
        own_town.daemon.stop()
        window.shows("○ 定时刷新")
        own_town.daemon.start()
        window.shows("● 实时")
        window.press(b"q")
        assert window.end() == 0
    finally:
        window.close()


# Without a terminal


def test_without_a_terminal_it_prints_once(town, enterprise):
    result = town.daemon.command("watch")
    assert result.returncode == 0, result.stderr
    assert "已超时" in result.stdout and enterprise[-4:] in result.stdout
    assert "\x1b" not in result.stdout
    assert "Overdue" in town.daemon.command("watch", "--locale", "en").stdout
    value = json.loads(town.daemon.command("watch", "--json").stdout)
    assert value["overdue"] and value["rates"] and value["status"]["ready"] is True


def test_a_terminal_that_can_do_nothing_gets_a_print_too(town, enterprise, watch):
    window = watch(TERM="dumb", rows=120)
    assert window.end() == 0
    window.shows("dutyclock")
    assert b"\x1b" not in window.seen
