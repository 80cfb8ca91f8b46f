"""The format, searches and report for lnav, by the real lnav over lines that the program wrote."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections import Counter

import pytest
from conftest import CONFIG, FIELDS

LNAV = CONFIG / "lnav"
EXPECTED = json.loads((CONFIG / "examples" / "expected.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.skipif(not shutil.which("lnav"), reason="no lnav here; .ci/setup.sh test")


@pytest.fixture(scope="module")
def lnav(tmp_path_factory):
    """Runs lnav without a terminal, with the project's files installed as docs/dashboards.md says."""
    home = tmp_path_factory.mktemp("home")
    installed = home / ".lnav" / "formats" / "dutyclock"
    shutil.copytree(LNAV, installed)

    def run(file, *commands) -> str:
        words = [word for command in commands for word in ("-c", command)]
        done = subprocess.run(
            ["lnav", "-n", *words, file], capture_output=True, text=True, timeout=120,
            env={"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        # It ends with 0 after a mistake in a query, and says so in words.
        assert done.returncode == 0 and not done.stderr.strip(), done.stderr
        return done.stdout

    return run


def table(run, file, query: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(run(file, f";{query}", ":write-csv-to -"))))


def sections(report: str) -> dict[str, list[list[str]]]:
    """The rows of each table of the report, by the heading's last words."""
    found, rows = {}, []
    for line in report.splitlines():
        if line.startswith("── "):
            rows = found[line.removeprefix("── ")] = []
        elif line.startswith("│"):
            rows.append([cell.strip() for cell in line.strip("│").split("│")])
    return found


def test_lnav_takes_the_format(lnav, the_day):
    (known,) = table(lnav, the_day.log, "SELECT count(*) AS n FROM lnav_file WHERE format = 'dutyclock_log'")
    assert known["n"] == "1"
    (lines,) = table(lnav, the_day.log, "SELECT count(*) AS n FROM dutyclock_log")
    assert int(lines["n"]) == len(the_day.lines())


def test_every_field_is_a_column(lnav, the_day):
    columns = {row["name"] for row in table(lnav, the_day.log, "SELECT name FROM pragma_table_info('dutyclock_log')")}
    assert set(FIELDS) - {"@timestamp", "message"} <= columns
    listed = json.loads((LNAV / "dutyclock.json").read_text(encoding="utf-8"))["dutyclock_log"]["line-format"]
    assert {one["field"] for one in listed if isinstance(one, dict)} <= set(FIELDS) | {"__timestamp__"}


def test_levels_and_times_are_read(lnav, the_week):
    rows = table(lnav, the_week.log, "SELECT log_level, count(*) AS n FROM dutyclock_log GROUP BY 1")
    wanted = Counter(line["log.level"].replace("warn", "warning") for line in the_week.lines())
    assert {row["log_level"]: int(row["n"]) for row in rows} == wanted
    (span,) = table(lnav, the_week.log, "SELECT min(log_time) AS first, max(log_time) AS last FROM dutyclock_log")
    moments = [line["@timestamp"] for line in the_week.lines()]
    assert span["first"].replace(" ", "T") + "Z" == min(moments) and span["last"].replace(" ", "T") + "Z" == max(moments)


def test_numbers_and_flags_are_numbers(lnav, the_week):
    query = """SELECT sum("duty.overdue_seconds") AS late, sum("duty.late_ingest") AS late_ingest,
               max("duty.article") AS article FROM dutyclock_log"""
    (sums,) = table(lnav, the_week.log, query)
    lines = the_week.lines()
    assert float(sums["late"]) == sum(line.get("duty.overdue_seconds", 0) for line in lines) > 0
    assert int(sums["late_ingest"]) == sum(line.get("duty.late_ingest", False) for line in lines) > 0
    assert int(sums["article"]) == max(line.get("duty.article", 0) for line in lines)


def test_the_report_gives_the_figures_that_were_computed_otherwise(lnav, the_day):
    found = sections(lnav(the_day.log, "|dutyclock"))
    rates = {row[0]: row[1:] for row in found["比率 rates: in_time / due"]}
    # in time, late, still open after the breach, due, rate, breaches only because the event came late
    assert rates["A22.response"][:4] == [str(EXPECTED[name]) for name in ("respondedInTime", "respondedLate", "responseOpen", "responseDue")]
    assert rates["A22.solution"][:4] == [str(EXPECTED[name]) for name in ("solvedInTime", "solvedLate", "solutionOpen", "solutionDue")]
    assert rates["A22.response"][4] == f"{100 * EXPECTED['respondedInTime'] / EXPECTED['responseDue']:.1f}%"
    assert rates["A22.response"][5] == str(EXPECTED["lateIngest"])
    gates = [list(map(int, row[1:])) for row in found["先报告 gates"] if row[0].startswith("A25.")]
    reported, violated, cleared = map(sum, zip(*gates))
    assert (violated, cleared, reported + cleared) == (
        EXPECTED["gateViolations"], EXPECTED["gateWithdrawn"], EXPECTED["gateSatisfied"],
    )  # fmt: skip
    actions = {row[0]: int(row[1]) for row in found["各种事项 what happened"]}
    assert actions["event.rejected"] == EXPECTED["rejected"] and actions["event.duplicate"] == EXPECTED["duplicates"]


def test_each_part_of_the_report_counts_the_lines_of_a_week(lnav, the_week):
    lines = the_week.lines()
    found = sections(lnav(the_week.log, "|dutyclock"))
    assert len(found) == 8

    def counted(section, place=-1):
        return sum(int(row[place]) for row in found[section])

    assert counted("各种事项 what happened") == sum("event.action" in line for line in lines)
    assert counted("逾期和违规 breaches and violations") == sum(line.get("event.kind") == "alert" for line in lines)
    assert counted("升级 escalations") == sum(line.get("event.action") == "notification.escalated" for line in lines)
    # A record that was rejected has an outcome too, and is delivered to nobody.
    outcomes = [line["event.action"] for line in lines if "event.outcome" in line]
    assert "event.rejected" in outcomes
    assert counted("送达 delivery") == sum(action.startswith("notification.") for action in outcomes)
    assert {row[1] for row in found["送达 delivery"]} == {"sent"}
    assert counted("死信 dead letters") == sum(line.get("event.action") == "event.rejected" for line in lines)
    own = [line for line in lines if line["log.logger"] != "journal" and line["log.level"] in ("warn", "error", "fatal")]
    assert counted("警告和错误 warnings and errors of the program") == len(own)


@pytest.mark.parametrize(
    ("search", "is_shown"),
    [
        ("dutyclock-alerts", lambda line: line.get("event.kind") == "alert"),
        ("dutyclock-escalations", lambda line: line.get("event.action") == "notification.escalated"),
        ("dutyclock-matter CP-2026-00007", lambda line: line.get("duty.case_id") == "CP-2026-00007"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_searches_show_what_they_say(lnav, the_week, search, is_shown):
    shown = [line for line in lnav(the_week.log, f"|{search}").splitlines() if re.match(r"\d{4}-", line)]
    wanted = [line for line in the_week.lines() if is_shown(line)]
    assert len(shown) == len(wanted) > 0
    for text, line in zip(shown, wanted):
        assert line["message"] in text and line["duty.matter"] in text


def test_what_was_not_delivered_is_shown(lnav, the_week, tmp_path):
    """The week delivers everything: attempts that failed are made of those that were sent."""
    changed = tmp_path / "lines.jsonl"
    texts = the_week.log.read_text(encoding="utf-8").splitlines()[:1500]
    failed = [text.replace("notification.sent", "notification.failed") for text in texts]
    assert failed != texts
    changed.write_text("\n".join(failed) + "\n", encoding="utf-8")
    shown = [line for line in lnav(changed, "|dutyclock-undelivered").splitlines() if re.match(r"\d{4}-", line)]
    assert len(shown) == sum("notification.failed" in text for text in failed) > 100


def test_a_mistake_in_a_query_is_noticed(lnav, the_day):
    with pytest.raises(AssertionError, match="no such column"):
        lnav(the_day.log, ";SELECT nobody FROM dutyclock_log")
