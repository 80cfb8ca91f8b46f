"""What holds for every line that the program ever writes."""

import json
import re
from pathlib import Path

import jsonschema_rs

from support.installation import MOBILE, PEOPLE, PROJECT
from support.personal import Detector

SCHEMA = json.loads((PROJECT / "docs" / "log-line.schema.json").read_text(encoding="utf-8"))
ACTIONS = set(SCHEMA["$defs"]["action"]["enum"])
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA)
DETECTOR = Detector([name for name, _ in PEOPLE.values()])
LINKS = re.compile(r"/a/[A-Za-z0-9_-]{20}")
SECRET_WORDS = ["whsec_"]


HAPPENINGS = {"event", "deadline", "gate", "window", "practice", "fee", "duty", "allocation", "notification"}
ALERTS = {
    "deadline.breached", "gate.violated", "window.violated", "practice.violated", "fee.overcharged", "duty.missed",
}  # fmt: skip


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
    found += [f"{'/'.join(map(str, one.instance_path))} {one.message[:200]}" for one in VALIDATOR.iter_errors(entry)]
    found += DETECTOR.found(line)
    if MOBILE in line:
        found.append("a mobile number")
    if LINKS.search(line):
        found.append("a link that lets its holder answer")
    if any(word in line for word in SECRET_WORDS):
        found.append("a secret")
    return found
