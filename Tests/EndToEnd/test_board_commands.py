"""What the commands say of a running daemon, in both languages, and how they end."""

import json

import pytest

from support import events
from support.daemon import free_port, run
from support.events import BACKUP, LEADER, STAFF
from support.waiting import eventually

READING = [["status"], ["matters"], ["deadlines"], ["alerts"], ["roster"], ["watch"]]


@pytest.fixture(scope="module")
def known(town):
    enterprise = town.enterprise(staff=(STAFF, BACKUP))
    _, late = town.complain(enterprise, events.due_in(-60))
    _, running = town.complain(enterprise, events.due_in(1500))
    town.daemon.wait_for_state(late, "breached")
    town.daemon.wait_for_matter(running)
    eventually(lambda: town.daemon.notifications(late), what="a notification")
    return {"enterprise": enterprise, "late": late, "running": running}


def said(town, *words) -> str:
    result = town.daemon.command(*words)
    assert result.returncode == 0, result.stderr
    return result.stdout


def line(text: str, *words: str) -> str:
    """The only line that has all the words."""
    found = [one for one in text.splitlines() if all(word in one for word in words)]
    assert len(found) == 1, text
    return found[0]


def answer(town, *words):
    return json.loads(said(town, *words, "--json"))


def test_status(town, known):
    text = said(town, "status")
    assert "就绪" in line(text, "就绪") and "是" in line(text, "就绪")
    english = said(town, "status", "--locale", "en")
    assert line(english, "ready").endswith("yes")
    value = answer(town, "status")
    assert value["ready"] is True and value["overdueClocks"] >= 1
    assert str(value["journalRecords"]) != "0"
    assert [band["from"] for band in value["ages"]] == [0, 1, 4, 8, 16, 31] and value["ages"][-1]["through"] is None
    assert sum(band["count"] for band in value["ages"]) >= 1 and "件" in line(text, "在办件已办天数")


def test_matters_are_found(town, known):
    text = said(town, "matters", "--enterprise", known["enterprise"], "--state", "overdue")
    row = line(text, known["late"])
    assert "■ 已超时" in row and "超" in row and STAFF in row
    assert known["running"] not in text
    english = said(town, "matters", "list", "--enterprise", known["enterprise"], "--locale", "en")
    assert "● running" in line(english, known["running"]) and "left" in line(english, known["running"])
    number = known["late"].split("/")[1]
    assert [one["id"] for one in answer(town, "matters", "--number", number)["matters"]] == [known["late"]]
    assert "没有符合条件的事项" in said(town, "matters", "--number", "CP-NONE")


def test_more_rows_than_a_page(town, known):
    for _ in range(3):
        _, last = town.complain(known["enterprise"], events.due_in(1600))
    town.daemon.wait_for_matter(last)
    words = ("matters", "--enterprise", known["enterprise"])
    everything = answer(town, *words, "--limit", "1000")
    assert everything["next"] is None and len(everything["matters"]) >= 5
    some = answer(town, *words, "--limit", "3")
    assert some["next"] and [one["id"] for one in some["matters"]] == [one["id"] for one in everything["matters"][:3]]
    assert "--limit" in said(town, *words, "--limit", "3")


def test_one_matter(town, known):
    text = said(town, "matters", "show", known["late"])
    assert "A22.response" in text and "park.complaint.filed.v1" in text and "N13" in text and "已超时" in text
    assert "breached" in said(town, "matters", "show", known["late"], "--locale", "en")
    assert answer(town, "matters", "show", known["late"])["id"] == known["late"]


def test_deadlines_in_their_order(town, known):
    rows = answer(town, "deadlines", "--limit", "500")["deadlines"]
    assert [one["dueAt"] for one in rows] == sorted(one["dueAt"] for one in rows)
    assert {known["late"], known["running"]} <= {one["id"] for one in rows}
    day = events.now().date().isoformat()
    assert known["late"] in said(town, "deadlines", "--day", day, "--state", "overdue", "--limit", "500")


def test_alerts(town, known):
    text = said(town, "alerts", "--limit", "500")
    assert "N13" in text and LEADER in text and known["late"] in text
    assert answer(town, "alerts", "--trouble")["alerts"] == [
        one for one in answer(town, "alerts", "--limit", "1000")["alerts"]
        if one["notification"]["state"] in ("uncertain", "failed", "gaveUp")
    ][:50]  # fmt: skip


def test_roster(town, known):
    text = said(town, "roster", "--enterprise", known["enterprise"])
    assert "park.leader" in line(text, LEADER) and "park.staff" in line(text, BACKUP)
    served = answer(town, "roster", "--person", BACKUP)["assignments"]
    assert {one["personRef"] for one in served} == {BACKUP}


@pytest.mark.parametrize("words", READING)
def test_a_daemon_that_is_away(words):
    result = run(*words, "--url", f"http://127.0.0.1:{free_port()}")
    assert result.returncode == 69 and not result.stdout
    assert "cannot be reached" in result.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["matters", "--state", "late"], 65), (["matters", "show", "complaint/NONE"], 65),
        (["deadlines", "--day", "tomorrow"], 65), (["matters", "show", "CP-1"], 64),
        (["alerts", "--limit", "0"], 64), (["status", "--locale", "fr"], 64),
    ],
)  # fmt: skip
def test_what_the_daemon_or_the_command_refuses(town, words, code):
    result = town.daemon.command(*words)
    assert result.returncode == code, result.stderr
    assert result.stderr and not result.stdout
