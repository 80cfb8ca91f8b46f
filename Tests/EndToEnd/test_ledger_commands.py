"""The ledger on the command line: what an accountant, the office and the person concerned get to see."""

import csv
import io
import json
import re
import subprocess

import pytest

from support import events
from support.daemon import PROGRAM, run
from support.events import BACKUP, LEADER, OFFICE, STAFF
from support.waiting import eventually

COLUMNS = [
    "seq", "ts", "fineId", "revision", "kind", "personRef", "role", "amountFen", "balanceAfterFen", "debit",
    "credit", "decisionId", "rosterSnapshotId", "ruleVersion", "basis", "causeEventId", "entryId", "prevHash", "hash",
]  # fmt: skip


def fined(town, fen: int, staff=(STAFF, BACKUP), entries=3, **decision) -> tuple[str, str]:
    """A fine on a new enterprise, found to be due to bad service, with its shares in the ledger."""
    enterprise = town.enterprise(staff=staff)
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, fen, events.ago(minutes=5)))
    town.send(events.fine_attributed(fine, enterprise, events.ago(minutes=1), **decision))
    wait_for_entries(town, fine, entries)
    return fine, enterprise


def wait_for_entries(town, fine: str, count: int) -> list[dict]:
    return eventually(
        lambda: (found := town.daemon.ledger(fine)["entries"]) and len(found) >= count and found,
        what=lambda: f"{count} entries of {fine}: {town.daemon.ledger(fine)['entries']}",
    )


def balance(town, fine: str, person: str | None) -> dict:
    return next(one for one in town.daemon.ledger(fine)["balances"] if one["personRef"] == person)


def text(town, *words) -> str:
    result = town.daemon.command("ledger", *words)
    assert result.returncode == 0, result.stderr
    return result.stdout


def export(town, *words) -> str:
    """What `ledger export` writes, line ends as they are."""
    words = [PROGRAM, "ledger", "export", *words, "--url", town.installation.url]
    return subprocess.run(words, capture_output=True, check=True).stdout.decode()


def rows(exported: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(exported.removeprefix("\ufeff"), newline="")))


# What the ledger holds


def test_settled_beyond_a_smaller_share_is_due_back(town):
    fine, enterprise = fined(town, 2_000_000)
    town.send(events.share_settled(fine, enterprise, LEADER, 500_000, events.ago(seconds=30)))
    wait_for_entries(town, fine, 4)
    town.send(events.fine_revised(fine, enterprise, 2, 1_200_000, events.now()))
    last = wait_for_entries(town, fine, 8)[-1]
    assert (last["kind"], last["personRef"], last["amountFen"]) == ("refundDue", LEADER, 200_000)
    town.send(events.share_settled(fine, enterprise, LEADER, -200_000, events.now()))
    wait_for_entries(town, fine, 10)
    found = balance(town, fine, LEADER)
    assert (found["amountFen"], found["settledFen"], found["refundDueFen"], found["outstandingFen"]) == (
        300_000, 300_000, 0, 0,
    )  # fmt: skip
    accounts = town.daemon.ledger(fine)["accounts"]
    assert sum(one["balanceFen"] for one in accounts) == 0
    assert {one["account"]: one["balanceFen"] for one in accounts} == {
        f"责任人应承担/{LEADER}": 0, f"责任人应承担/{STAFF}": 150_000, f"责任人应承担/{BACKUP}": 150_000,
        f"应退还/{LEADER}": 0, "已履行": 300_000, f"待认定分担/{fine}": -600_000,
    }  # fmt: skip


def test_a_held_part_is_released_by_an_assignment_that_reaches_back(town):
    fine, enterprise = fined(town, 1_500_000, staff=(), entries=2)
    town.receiver.wait_for(f"fine/{fine}", "N74", [OFFICE])
    town.send(events.assigned(enterprise, BACKUP, "park.staff", since=events.stamp(events.now())))
    town.send(events.assigned(enterprise, STAFF, "park.staff"))
    entries = wait_for_entries(town, fine, 4)
    assert [(one["kind"], one["personRef"]) for one in entries[2:]] == [("allocate", STAFF), ("release", None)]
    assert balance(town, fine, None)["amountFen"] == 0
    assert balance(town, fine, STAFF)["outstandingFen"] == 375_000
    town.receiver.wait_for(f"fine/{fine}", "N72", [LEADER, STAFF])
    taken_back = town.receiver.wait_for(f"fine/{fine}", "N75", [OFFICE])[0]
    assert "已落实到人" in taken_back.data["text"]


def test_a_decision_can_name_the_proportion(town):
    fine, _ = fined(town, 2_000_001, staff=(STAFF,), entries=2, weights={"park.leader": 6, "park.staff": 4})
    assert balance(town, fine, LEADER)["amountFen"] == 600_000
    assert balance(town, fine, STAFF)["amountFen"] == 400_000


def test_a_change_of_the_decision_says_nothing_of_a_change_of_the_fine(town):
    fine, enterprise = fined(town, 800_000)
    town.send(events.fine_attributed(fine, enterprise, events.now(), attributable=False))
    for delivery in town.receiver.wait_for(f"fine/{fine}", "N73", [LEADER, STAFF, BACKUP]):
        assert "责任认定、任职或罚款登记有变" in delivery.data["text"]
        assert "变更为" not in delivery.data["text"]


# show


def test_show_in_both_languages(town):
    fine, enterprise = fined(town, 2_469_134)
    town.send(
        events.fine_revised(fine, enterprise, 2, 2_469_134, events.now(), underReview=True),
        events.fine_revised(fine, enterprise, 4, 100, events.now()),
    )
    eventually(lambda: (town.daemon.ledger(fine)["fine"] or {}).get("awaitedRevision") == 3)
    chinese = text(town, "show", "--fine", fine)
    for word in ("¥24,691.34", "复议中", "在等修订 3", "分担", "¥6,172.84", LEADER, "应承担", "试算合计"):
        assert word in chinese, word
    english = text(town, "show", "--fine", fine, "--locale", "en")
    for word in ("under review", "wait for revision 3", "share", "outstanding", "trial balance", "¥6,172.84"):
        assert word in english, word
    assert not re.search("[\u4e00-\u9fff]", english)
    assert run("ledger", "show", "--fine", fine, "--url", town.installation.url, DUTYCLOCK_LOCALE="en").stdout == english


def test_show_of_one_person_and_as_json(town):
    fine, _ = fined(town, 900_000)
    alone = text(town, "show", "--person", STAFF, "--fine", fine)
    assert STAFF in alone and LEADER not in alone
    shown = json.loads(text(town, "show", "--fine", fine, "--json"))
    assert shown == town.daemon.ledger(fine)


def test_nothing_to_show(town):
    assert "没有分录" in text(town, "show", "--fine", "FN-nowhere")
    assert "no entries" in text(town, "statement", "P-nobody", "--locale", "en")


@pytest.mark.parametrize("words", [["show", "--locale", "fr"], ["export", "--format", "xls"], ["statement"]])
def test_wrong_usage(town, words):
    assert town.daemon.command("ledger", *words).returncode == 64


def test_a_range_that_is_none(town):
    result = town.daemon.command("ledger", "show", "--from", "yesterday")
    assert result.returncode == 65 and "YYYY-MM-DD" in result.stderr


def test_nobody_there():
    assert run("ledger", "show", "--url", "http://127.0.0.1:9").returncode == 69


# export


def test_export_is_the_ledger_to_the_fen(town):
    fine, _ = fined(town, 33_333_333)
    entries = town.daemon.ledger(fine)["entries"]
    exported = export(town, "--fine", fine, "--format", "csv")
    assert exported.startswith("\ufeff") and list(rows(exported)[0]) == COLUMNS
    assert not export(town, "--fine", fine, "--no-mark").startswith("\ufeff")
    for row, entry in zip(rows(exported), entries, strict=True):
        assert row == {name: "" if entry[name] is None else str(entry[name]) for name in COLUMNS}
    as_json = json.loads(export(town, "--fine", fine, "--format", "json"))
    assert as_json == {"entries": entries}
    assert json.loads(export(town, "--fine", fine, "--json")) == as_json
    assert sum(int(row["amountFen"]) for row in rows(exported)) == 16_666_666


def test_lines_end_as_the_standard_has_it(town):
    fine, _ = fined(town, 100)
    exported = export(town, "--fine", fine)
    assert exported.count("\r\n") == exported.count("\n") == 4


@pytest.mark.parametrize(
    "decision",
    [
        '=HYPERLINK("http://example.org","x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1",
        'a "quoted", one', "two\nlines", "'already",
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(town, decision):
    fine, _ = fined(town, 400, decisionId=decision)
    for row in rows(export(town, "--fine", fine)):
        cell = row["decisionId"]
        assert cell in (decision, "'" + decision)
        first = cell.lstrip()[:1]
        assert first not in list("=+-@\uff1d\uff0b\uff0d\uff20") and cell[:1] not in "\t\r\n"
        assert int(row["amountFen"]) >= 0 and row["entryId"].startswith(fine)


def test_export_of_a_range(town):
    fine, enterprise = fined(town, 500_000)
    first = town.daemon.ledger(fine)["entries"]
    middle = events.stamp(events.now())
    town.send(events.fine_revoked(fine, enterprise, 2, events.now()))
    entries = wait_for_entries(town, fine, 6)

    def exported(*words):
        return json.loads(export(town, "--fine", fine, "--format", "json", *words))["entries"]

    assert exported("--to", middle) == first
    assert exported("--from", middle) == entries[3:]
    today = events.now().strftime("%Y-%m-%d")
    assert exported("--from", today, "--to", today) == entries
    assert exported("--to", "2025-12-31") == exported("--from", "2031-01-01") == []
    shown = json.loads(text(town, "show", "--fine", fine, "--to", middle, "--json"))
    assert {one["outstandingFen"] for one in shown["balances"]} == {125_000, 62_500}


def test_a_terminal_is_not_steered_by_what_comes_from_outside(town):
    fine, _ = fined(town, 400, decisionId="AD\u001b[2J\u202e7")
    for words in (["show", "--fine", fine], ["statement", LEADER, "--fine", fine]):
        shown = text(town, *words)
        assert "\u001b" not in shown and "\u202e" not in shown and "[2J" in shown


# statement


@pytest.mark.parametrize("words", [[], ["--json"], ["--locale", "en"]])
def test_a_statement_shows_that_person_alone(town, words):
    fine, enterprise = fined(town, 1_234_567)
    town.send(events.share_settled(fine, enterprise, STAFF, 100, events.now()))
    vacant, _ = fined(town, 600_000, staff=(STAFF,), entries=2)
    town.send(events.share_settled(fine, enterprise, LEADER, 999_999, events.now()))
    wait_for_entries(town, fine, 6)
    shares = {one["personRef"]: one for one in town.daemon.ledger(fine)["balances"]}
    statement = text(town, "statement", STAFF, *words)
    assert STAFF in statement and fine in statement and vacant in statement
    for other in (LEADER, BACKUP, "P-2001", "park.leader"):
        assert other not in statement, f"{other} appears"
    hidden = [1_234_567, shares[LEADER]["amountFen"], 999_999]
    for fen in hidden:
        assert str(fen) not in statement and f"{fen / 100:,.2f}" not in statement
    own = shares[STAFF]
    assert own["settledFen"] == 100
    shown = str(own["amountFen"]) if words == ["--json"] else f"¥{own['amountFen'] / 100:,.2f}"
    assert shown in statement


def test_a_statement_says_what_it_is_and_asks_for_nothing(town):
    fine, _ = fined(town, 77_000)
    chinese = text(town, "statement", LEADER, "--fine", fine)
    assert "不是缴款通知" in chinese and "异议" in chinese
    english = text(town, "statement", LEADER, "--fine", fine, "--locale", "en")
    assert "not a bill" in english and "object" in english
    for word in ("账号", "账户", "开户", "请缴", "代缴", "垫付", "account no", "please pay", "transfer"):
        assert word not in chinese + english.lower()


def test_a_person_with_a_strange_reference(town):
    enterprise = town.enterprise(staff=("P&1=2 +三#?",))
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, 400, events.ago(minutes=5)))
    town.send(events.fine_attributed(fine, enterprise, events.ago(minutes=1)))
    wait_for_entries(town, fine, 2)
    statement = json.loads(text(town, "statement", "P&1=2 +三#?", "--json"))
    assert statement["personRef"] == "P&1=2 +三#?"
    assert [one["fineId"] for one in statement["fines"]] == [fine]
