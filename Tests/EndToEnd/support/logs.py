"""What holds for every line that the program ever writes."""

import json
import re
from pathlib import Path

from support.installation import MOBILE, PEOPLE

MOBILES = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
NAMES = [name for name, _ in PEOPLE.values()]
LINKS = re.compile(r"/a/[A-Za-z0-9_-]{20}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LEVELS = {"trace", "debug", "info", "warn", "error", "fatal"}
SECRET_WORDS = ["whsec_"]

ACTIONS = set(
    """
    event.accepted event.duplicate event.rejected event.skipped event.parked
    deadline.started deadline.warned deadline.breached deadline.met deadline.cancelled deadline.recomputed
    deadline.withdrawn gate.satisfied gate.violated gate.cleared window.violated window.cleared
    practice.violated practice.cleared fee.cleared duty.warned duty.cancelled duty.recomputed duty.withdrawn
    fee.overcharged duty.due duty.met duty.missed
    allocation.posted allocation.adjusted allocation.reversed allocation.held allocation.settled
    notification.requested notification.sent notification.failed notification.uncertain
    notification.escalated notification.acknowledged notification.gaveUp notification.silenced
    service.started service.ready service.reloaded service.reloadRejected service.stopping
    matter.repolicied policy.moved
    escalation.requested silence.set silence.ended deadLetter.retried deadLetter.discarded reachability.checked
    partition.assigned partition.revoked clock.jumped channel.opened channel.closed
    """.split()
)


def problems(file: Path, is_cut=False) -> list[str]:
    """What is wrong with a log file; with `is_cut`, half a line at its end is right."""
    text = file.read_text(encoding="utf-8", errors="surrogateescape")
    if is_cut:
        text = text[: text.rfind("\n") + 1]
    elif text and not text.endswith("\n"):
        return [f"{file}: ends in the middle of a line"]
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [f"{file}:{number}: {problem}: {line[:300]}" for problem in line_problems(line)]
    return found


def line_problems(line: str) -> list[str]:
    repeated = []

    def once(pairs):
        names = [name for name, _ in pairs]
        repeated.extend(name for name in set(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        entry = json.loads(line, object_pairs_hook=once)
    except ValueError as error:
        return [f"no JSON, {error}"]
    if not isinstance(entry, dict):
        return ["no object"]
    found = [f"{name} is there twice" for name in repeated]
    if not TIME.fullmatch(str(entry.get("@timestamp"))):
        found.append("@timestamp is not UTC with milliseconds")
    if entry.get("log.level") not in LEVELS:
        found.append("log.level is unknown")
    if not isinstance(entry.get("message"), str) or not entry["message"]:
        found.append("message is missing")
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?", str(entry.get("ecs.version"))):
        found.append("ecs.version is missing")
    action = entry.get("event.action")
    if action is not None and action not in ACTIONS:
        found.append(f"event.action {action} is not public")
    if entry.get("log.logger") == "journal" and action is None:
        found.append("a journal entry without event.action")
    if MOBILES.search(line) or MOBILE in line:
        found.append("a mobile number")
    if any(name in line for name in NAMES):
        found.append("a name from the directory")
    if LINKS.search(line):
        found.append("a link that lets its holder answer")
    if any(word in line for word in SECRET_WORDS):
        found.append("a secret")
    return found
