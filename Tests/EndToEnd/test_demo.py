"""The sample day plays to its end and comes out as it was computed independently."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

from support.daemon import PROGRAM, STOP_SECONDS, free_port, run
from support.installation import CONFIG, PROJECT
from support.waiting import eventually

EXPECTED = json.loads((CONFIG / "examples" / "expected.json").read_text(encoding="utf-8"))


def play(*words):
    return run("demo", "--once", "--configuration", CONFIG, *words, timeout=120)


@pytest.fixture(scope="module")
def figures():
    result = play("--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_ledger_of_each_person(figures):
    assert figures["ledger"] == EXPECTED["ledger"]
    assert figures["heldFen"] == EXPECTED["heldFen"]


def test_every_count(figures):
    shared = figures.keys() & EXPECTED.keys()
    assert len(shared) >= 14
    assert {name: figures[name] for name in shared} == {name: EXPECTED[name] for name in shared}
    assert figures["notifications"] > 0
    # What was refused, and the event whose opening never came.
    assert figures["deadLetters"] == EXPECTED["rejected"] + EXPECTED["orphans"]


def test_page_for_people_says_the_same():
    result = play()
    assert result.returncode == 0, result.stderr
    summary = result.stdout[result.stdout.rindex("──") :].replace(",", "").splitlines()
    for person, fen in EXPECTED["ledger"].items():
        assert any(person in line and f"¥{fen / 100:.2f}" in line for line in summary), person
    text = "\n".join(summary)
    assert f"{EXPECTED['respondedInTime']}/{EXPECTED['responseDue']}" in text
    assert f"{EXPECTED['solvedInTime']}/{EXPECTED['solutionDue']}" in text
    assert f"{EXPECTED['gateSatisfied']}/{EXPECTED['gateViolations']}/{EXPECTED['gateWithdrawn']}" in text


def test_day_in_english():
    result = play("--locale", "en")
    assert result.returncode == 0, result.stderr
    assert "Summary" in result.stdout
    assert not list(PROJECT.glob("*.db*")), "it leaves nothing behind"


@pytest.mark.skipif(not shutil.which("kcat"), reason="no kcat here; .ci/setup.sh test")
def test_kcat_reads_along(tmp_path):
    """The broker inside the demo is one that other programs can talk to."""
    shown = tmp_path / "shown"
    with open(shown, "w") as out:
        demo = subprocess.Popen(
            [PROGRAM, "demo", "--configuration", CONFIG, "--port", str(free_port()), "--locale", "en"],
            stdout=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        address = eventually(lambda: re.search(r"read along\): (\S+)", shown.read_text()), 20)[1]
        first = subprocess.run(
            ["kcat", "-C", "-q", "-b", address, "-t", "park.events", "-o", "beginning", "-c", "20"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert first.returncode == 0, first.stderr
        events = [json.loads(line) for line in first.stdout.splitlines()]
        assert len(events) == 20 and all(one["type"].startswith("park.") for one in events)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)


def test_configuration_may_be_named_by_a_relative_path():
    result = run("demo", "--once", "--json", "--configuration", os.path.relpath(CONFIG), timeout=120)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["ledger"] == EXPECTED["ledger"]


def test_a_log_that_cannot_be_written_is_no_success():
    result = play("--json", "--log", "/dev/full")
    assert result.returncode == 65
    assert "--log /dev/full: " in result.stderr and "could not be written" in result.stderr


def test_nothing_is_promised_on_a_port_that_is_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("demo", "--configuration", CONFIG, "--port", port)
    assert result.returncode == 69 and f"127.0.0.1:{port}" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_demo_and_leaves_nothing_behind(name, tmp_path):
    words = ["demo", "--port", "0", "--seconds", "3600", "--configuration", str(CONFIG)]
    process = subprocess.Popen(
        [PROGRAM, *words], stdout=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(tmp_path)}
    )
    try:
        process.stdout.readline()
        assert list(tmp_path.glob("dutyclock-demo-*")), "it keeps its files while it runs"
        process.send_signal(signal.Signals[name])
        process.communicate(timeout=STOP_SECONDS)
        assert process.returncode == 0
        assert not list(tmp_path.iterdir())
    finally:
        process.kill()
