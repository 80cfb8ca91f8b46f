"""The sample day plays to its end and comes out as it was computed independently."""

import json

import pytest

from support.daemon import run
from support.installation import CONFIG, PROJECT

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
