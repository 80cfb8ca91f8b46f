"""The shipped calendar, day by day, against an independent package, and what `dutyclock calendar` says of it."""

import json
import os
import pathlib
import re
import subprocess
from datetime import date, timedelta

import chinese_calendar
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("DUTYCLOCK", ROOT / ".build/release/dutyclock")
CONFIG = ROOT / "config/dutyclock.yaml"
YEARS = (2023, 2024, 2025, 2026)


def calendar(*arguments, config=CONFIG):
    return subprocess.run(
        [PROGRAM, "calendar", "--config", config, *arguments],
        capture_output=True, text=True, timeout=60,
    )


def lines(*arguments, config=CONFIG):
    answer = calendar(*arguments, config=config)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def days(*arguments, config=CONFIG):
    return [json.loads(line) for line in lines("--json", *arguments, config=config)]


@pytest.fixture(scope="module", params=YEARS)
def year(request):
    return request.param, days("--year", str(request.param))


def test_every_day_works_or_not_as_the_other_package_says(year):
    number, listed = year
    day = date(number, 1, 1)
    for entry in listed:
        assert entry["date"] == day.isoformat() and entry["weekday"] == day.isoweekday()
        assert entry["working"] == chinese_calendar.is_workday(day), day
        assert "provisional" not in entry
        day += timedelta(days=1)
    assert day == date(number + 1, 1, 1)


def test_every_day_is_of_the_kind_that_the_other_package_says(year):
    for entry in year[1]:
        day = date.fromisoformat(entry["date"])
        off, festival = chinese_calendar.get_holiday_detail(day)
        weekend = day.isoweekday() > 5
        if not off:
            assert entry["kind"] == ("makeupWorkday" if weekend else "workday"), day
        elif not weekend:
            assert entry["kind"] == "holiday", day
            assert entry["name"].startswith(chinese_calendar.Holiday(festival).chinese), day
        else:
            assert entry["kind"] in ("weekend", "holiday"), day


def test_working_days_are_counted_as_the_other_package_counts_them():
    """`get_workdays` lists those of a stretch; the limit of n days ends with the n-th after the start."""
    for start in (date(2023, 1, 18), date(2024, 2, 8), date(2025, 9, 30), date(2026, 2, 13), date(2026, 9, 24)):
        working = chinese_calendar.get_workdays(start + timedelta(days=1), start + timedelta(days=60))
        for count in (1, 4, 12, 15, 30):
            account = days("--from", start.isoformat(), "--working-days", str(count))
            assert account[-1]["date"] == working[count - 1].isoformat(), (start, count)
            assert [entry["date"] for entry in account if entry["role"] == "counted"] == [
                day.isoformat() for day in working[:count]
            ]


def test_open_days_of_the_quiet_window():
    """2026: four to eight working days of each month are open to inspection."""
    months = [line for line in lines("--year", "2026", "--closed", "6-25") if "可检查" in line]
    assert [int(line.rsplit(":", 1)[1]) for line in months] == [7, 7, 8, 7, 4, 8, 8, 7, 7, 5, 7, 8]


def test_quarters_end_with_their_last_working_day():
    quarters = [re.findall(r"2024-[Q\d-]+", line) for line in lines("--year", "2024") if "Q" in line]
    assert quarters == [
        ["2024-Q1", "2024-03-31", "2024-03-29"],
        ["2024-Q2", "2024-06-30", "2024-06-28"],
        ["2024-Q3", "2024-09-30", "2024-09-30"],
        ["2024-Q4", "2024-12-31", "2024-12-31"],
    ]


def test_an_account_names_pauses_and_what_rolls_forward():
    paused = days("--from", "2026-11-20", "--working-days", "3", "--pause", "2026-11-23/2026-11-25")
    assert [(entry["date"][5:], entry["role"]) for entry in paused] == [
        ("11-20", "start"), ("11-21", "passed"), ("11-22", "passed"), ("11-23", "paused"), ("11-24", "paused"),
        ("11-25", "counted"), ("11-26", "counted"), ("11-27", "counted"),
    ]
    assert [entry.get("count") for entry in paused[-3:]] == [1, 2, 3]
    natural = days("--from", "2026-11-20", "--natural-days", "1")
    assert [entry["role"] for entry in natural] == ["start", "counted", "passed", "rolledTo"]
    assert lines("--from", "2026-11-20", "--natural-days", "1")[-1] == "到期 due 2026-11-23 17:30"


def test_a_year_without_a_notice_is_provisional():
    listed = days("--year", "2027")
    assert len(listed) == 365 and all(entry["provisional"] for entry in listed)
    off = [entry["date"] for entry in listed if entry["kind"] == "holiday"]
    assert off == ["2027-01-01", "2027-05-01", "2027-05-02", "2027-10-01", "2027-10-02", "2027-10-03"]
    assert "暂定" in lines("--from", "2026-12-25", "--working-days", "10")[-1]


@pytest.mark.parametrize("arguments", [
    ["--from", "2026-02-30", "--working-days", "1"], ["--from", "2026-02-20"], ["--working-days", "1"],
    ["--closed", "25-6"], ["--pause", "2026-11-25/2026-11-23"], ["--year", "0"],
    ["--from", "2026-02-20", "--working-days", "1", "--natural-days", "1"],
])
def test_what_makes_no_sense_is_refused(arguments):
    assert calendar(*arguments).returncode == 64


def test_half_days_close_early(tmp_path):
    for folder in ("policy", "templates", "directory.yaml"):
        (tmp_path / folder).symlink_to(ROOT / "config" / folder)
    text = (ROOT / "config/calendars/cn.yaml").read_text()
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars/cn.yaml").write_text(
        text.replace("  2026:\n", '  2026:\n    halfDays: [{ date: 2026-02-14, until: "12:00" }]\n')
    )
    config = tmp_path / "dutyclock.yaml"
    config.write_text(CONFIG.read_text())
    eve = days("--from", "2026-02-13", "--working-days", "1", config=config)[-1]
    assert eve["date"] == "2026-02-14" and eve["closesAt"] == "12:00"
    assert lines("--from", "2026-02-13", "--working-days", "1", config=config)[-1].endswith("2026-02-14 12:00")
