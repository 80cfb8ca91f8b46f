"""Every line of a simulated week is as docs/log-line.schema.json says, and nobody can be found in them."""

import json
import re
from collections import Counter

import jsonschema
import pytest
import week
from conftest import ACTIONS, DOCS, FIELDS, SCHEMA, problems
from support.personal import Detector, identity_check, is_luhn

# What a week cannot bring about, or only with other means; each has a test of its own.
ELSEWHERE = {
    "event.skipped",  # said at level debug
    "duty.missed", "duty.cancelled", "duty.recomputed", "duty.withdrawn",  # a quarter or a year ends them
    "window.cleared", "practice.cleared", "fee.cleared", "practice.violated",
    "notification.failed", "notification.uncertain", "notification.gaveUp", "channel.opened", "channel.closed",
    # What the day does not have: dead letters that somebody settles, a night's look, news about a closed matter.
    "deadLetter.retried", "deadLetter.discarded", "reachability.checked", "matter.recalculated",
    "matter.repolicied", "policy.moved", "clock.jumped", "partition.revoked",
    "service.started", "service.ready", "service.reloaded", "service.reloadRejected", "service.stopping",
}  # fmt: skip


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for name, field in FIELDS.items():
        assert "description" in field, name
    assert set(SCHEMA["$defs"]["alert"]["enum"]) <= set(ACTIONS)


def test_no_field_lies_within_another():
    """A store that makes objects of dots could not keep both."""
    for name in FIELDS:
        assert not [other for other in FIELDS if other.startswith(name + ".")], name


def test_every_line_of_the_week_is_valid(the_week, validator):
    lines = the_week.lines()
    assert len(lines) > 5000
    found = [f"{line.get('event.action')}: {one}" for line in lines for one in problems(validator, line)]
    assert not found, Counter(found).most_common(10)


def test_the_week_is_told_by_its_own_clock(the_week):
    days = {line["@timestamp"][:10] for line in the_week.lines()}
    assert days >= {f"2026-11-{day}" for day in range(23, 30)}
    moments = [line["@timestamp"] for line in the_week.lines()]
    assert moments == sorted(moments)


def test_the_week_has_nearly_every_action(the_week):
    seen = {line["event.action"] for line in the_week.lines() if "event.action" in line}
    assert seen <= set(ACTIONS)
    assert set(ACTIONS) - seen <= ELSEWHERE
    types = {line["duty.event_type"] for line in the_week.lines() if line.get("event.action") == "event.accepted"}
    assert len(types) > 40, sorted(types)


@pytest.mark.parametrize(
    "change",
    [
        {"event.action": "deadline.forgotten"}, {"duty.summary": "x"}, {"duty.cycle": "1"}, {"@timestamp": "2026-11-23"},
        {"log.level": "notice"}, {"event.kind": "event"}, {"duty.person_ref": "P-1", "duty.amount_fen": 1},
        {"duty.journal_sequence": None}, {"service.name": "other"}, {"duty.due_at": "tomorrow"}, {"duty.article": 31},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_wrong_line_is_found(the_week, validator, change):
    breach = next(line for line in the_week.lines() if line.get("event.action") == "deadline.breached")
    assert not problems(validator, breach)
    wrong = {name: value for name, value in (breach | change).items() if value is not None}
    assert problems(validator, wrong)


def test_the_manual_lists_the_fields_and_actions():
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    section = text[text.index("\n## Log\n") : text.index("\n## Dead letters")]
    fields, actions = section.split("| `event.action` | level | says |")
    names = set(re.findall(r"`((?:@timestamp|[a-z]+\.[a-z_.]*[a-z]|message))`", fields))
    not_there_yet = {"service.environment", "duty.level", "event.duration", "span.id"}
    assert set(FIELDS) - names <= not_there_yet
    listed = set()
    for row in re.findall(r"^\| (`.*?) \| ", actions, re.M):
        group = ""
        for name in re.findall(r"`([\w.]+)`", row):
            group = name.split(".")[0] or group
            listed.add(group + "." + name.split(".")[1])
    assert listed == set(ACTIONS)


# Personal data.


def test_the_week_is_full_of_personal_data(the_week):
    """Else what follows would show nothing."""
    sent = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in week.Week(the_week.names).told())
    found = Counter(one.split()[0] for one in Detector(the_week.names).found(sent))
    assert all(found[kind] > 200 for kind in ("mobile", "identity", "bank", "mail", "name")), found


@pytest.mark.parametrize(
    ("text", "is_personal"),
    [
        ("13812345678", True), ("+8613812345678", True), ("008613812345678", True), ("0013812345678", False), ("23812345678", False),
        ("138123456789", False), ("x13812345678y", True), ("12812345678", False),
        ("43042119900307001" + identity_check("43042119900307001"), True), ("430421199003070011", False),
        ("6222021234567890128", True), ("6222021234567890129", False), ("1795790582151976", False),
        ("4111111111111111", True), ("9558801234567890128", True), ("a.b@c.cn", True), ("a@b", False),
        ("司徒静澜", True), ("司徒", False),
    ],
)  # fmt: skip
def test_the_detector_knows(text, is_personal):
    assert bool(Detector(["司徒静澜"]).found(f"see {text}, please")) == is_personal


def test_check_digits():
    # GB 11643's own example, and the usual test number of a card.
    assert identity_check("11010519491231002") == "X"
    assert is_luhn("4111111111111111") and not is_luhn("4111111111111112")


def test_no_line_of_the_week_names_anybody(the_week):
    detector = Detector(the_week.names)
    found = [f"{one}: {line[:300]}" for line in the_week.log.read_text(encoding="utf-8").splitlines() for one in detector.found(line)]
    assert not found, "\n".join(found[:10])


def test_what_was_masked_was_seen(the_week):
    """A bad record is quoted by place and reason alone; no text of a person reaches a line."""
    text = the_week.log.read_text(encoding="utf-8")
    for words in ("退款到卡", "身份证", "请联系", "example.org"):
        assert words not in text, words


def test_no_metric_names_anybody(the_week):
    detector = Detector(the_week.names)
    for page in (the_week.metrics, the_week.open_metrics):
        # Without the values, which are numbers of nobody.
        said = [line if line.startswith("#") else line.rsplit(" ", 1)[0] for line in page.splitlines()]
        assert len(said) > 200
        assert not detector.found("\n".join(said))
