#!/usr/bin/env python3
"""Writes the sample day: day.jsonl, directory.yaml, expected.json and expected.md beside this file.

Needs nothing but the standard library, reads no clock, and gives the same bytes in every run.
With --check it writes nothing and fails if the files differ from what it would write.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sampleday.cast import directory_yaml
from sampleday.events import moment
from sampleday.expected import GRACE, Appeals, judge
from sampleday.log import Log, read
from sampleday.report import page
from sampleday.story import Story

HERE = Path(__file__).resolve().parent
EVALUATED = moment("25 20:00")
MARGIN = timedelta(seconds=60)


def check_intentions(story, renamed, result):
    """Every complaint must come out as its author said; a slip in the story or the reading shows here."""
    for one in story.complaints:
        cycles = result["matters"].get(renamed[one.number], {})
        states = tuple(cycle[clock] for cycle in cycles.values() for clock in ("response", "solution"))
        if states != tuple(one.expect):
            raise SystemExit(f"{renamed[one.number]} ({one.note}): meant {one.expect}, got {states}")


def check_margins(lines):
    """No fact of a matter may arrive within a minute of a moment that decides about it, so speed cannot change a number."""
    log = Log(lines)
    dues = {}
    for now in [event["arrived"] for event in log.events] + [EVALUATED]:
        for (number, _, _), each in Appeals(log.known(now), now).all().items():
            dues.setdefault(number, set()).add(each["due"])
    for event in log.events:
        data = event["data"]
        if event["kind"] in ("case.opened", "penalty.decided"):
            number = data.get("penaltyId") or data["caseId"]
            dues[number] = {read(data.get("openedAt") or data.get("decidedAt")) + GRACE}
    for event in log.events:
        number = event["data"].get("complaintId") or event["data"].get("subjectId")
        for due in dues.get(number, ()):
            if abs(event["arrived"] - due) < MARGIN:
                raise SystemExit(f"{number}: {event['kind']} arrives too close to {due}")
    for number, moments in dues.items():
        if any(abs(due - EVALUATED) < timedelta(hours=1) for due in moments):
            raise SystemExit(f"{number}: falls due too close to the moment of evaluation")


def check_lines(lines):
    log = Log(lines)
    if (len(log.rejected), len(log.unknown)) != (2, 1):
        raise SystemExit(f"unexpected bad lines: {log.rejected} {log.unknown}")
    early = [event for event in log.events if event["time"] > event["arrived"]]
    if len(early) != 1 or lines != sorted(lines, key=lambda line: line["arrivedat"]):
        raise SystemExit("only one event may lie in the future, and the order must be that of arrival")


def files():
    story = Story().tell()
    renamed = story.numbers()
    lines = story.day.finished(renamed)
    check_lines(lines)
    check_margins(lines)
    result = judge(lines, EVALUATED)
    check_intentions(story, renamed, result)
    special = sorted((renamed[one.number], one.filed_for, one.note) for one in story.complaints if one.note)
    return lines, result, {
        "day.jsonl": "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines),
        "directory.yaml": directory_yaml(),
        "expected.json": json.dumps(result, ensure_ascii=False, indent=2) + "\n",
        "expected.md": page(result, special),
    }


def summary(lines, result):
    types = Counter(line.get("type", "(not JSON)") for line in lines)
    for name, count in sorted(types.items()):
        print(f"{count:5}  {name}")
    for name, value in result.items():
        if not isinstance(value, (dict, list)) or name == "ledger":
            print(f"{name}: {value}")


def main():
    lines, result, texts = files()
    if "--check" in sys.argv[1:]:
        stale = [name for name, text in texts.items() if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != text]
        raise SystemExit(f"out of date: {', '.join(stale)}" if stale else 0)
    for name, text in texts.items():
        (HERE / name).write_text(text, encoding="utf-8")
    summary(lines, result)


if __name__ == "__main__":
    main()
