"""What happened can be read once in the log, counted in the metrics, and found on the outcomes topic."""

import json
import threading
from collections import Counter

import pytest

from support import events
from support.daemon import run
from support.events import LEADER, STAFF
from support.installation import CONFIG, POLICY, POLICY_VERSION
from support.kafka import Reader
from support.receiver import fail_first, held
from support.waiting import eventually

# The journal's word where the topic has another.
ACTIONS = {"notification.unknown": "notification.uncertain"}


@pytest.fixture
def outcomes():
    """Opens a reader of a town's outcomes."""
    readers = []

    def open_reader(town) -> Reader:
        readers.append(Reader(town.installation.bootstrap, town.topics.outcomes))
        return readers[-1]

    yield open_reader
    for reader in readers:
        reader.close()


def about(records, matter) -> list[dict]:
    return [one for one in (json.loads(record.value()) for record in records) if one["subject"] == matter]


def action(outcome: dict) -> str:
    name = outcome["type"].removeprefix("park.").removesuffix(".v1")
    return ACTIONS.get(name, name)


def complain(town, enterprise, behaviour) -> tuple[str, str]:
    """A complaint whose messages, and no others, meet this behaviour; its number and its matter."""
    number = events.number("CP")
    town.receiver.behave(behaviour, f"complaint/{number}")
    town.send(events.filed(number, enterprise, events.now()))
    return number, f"complaint/{number}"


def journal_lines(daemon, matter, run=-1) -> list[dict]:
    return [line for line in daemon.logged(run=run, duty__matter=matter) if line["log.logger"] == "journal"]


def test_each_journal_entry_is_one_line(own_town, outcomes):
    """The topic is published from the journal, so its ids say which entries there are."""
    town = own_town
    enterprise = town.enterprise()
    number, matter = complain(town, enterprise, fail_first(1, 500))

    def is_told(records):
        return sum(action(one) == "notification.sent" for one in about(records, matter)) == 2

    published = about(outcomes(town).until(is_told, 30), matter)
    assert all(one["data"]["ruleVersion"].startswith(POLICY_VERSION) for one in published)
    assert Counter(map(action, published))["notification.failed"] == 2
    wanted = Counter((int(one["id"].split(".")[0]), action(one)) for one in published)

    def written():
        lines = journal_lines(town.daemon, matter)
        return Counter((line["duty.journal_sequence"], line["event.action"]) for line in lines)

    eventually(lambda: all(written()[entry] >= 1 for entry in wanted))
    assert {entry: count for entry, count in written().items() if entry in wanted} == wanted
    attempts = [line for line in journal_lines(town.daemon, matter) if "duty.attempt" in line]
    assert Counter(line["event.outcome"] for line in attempts) == {"failure": 2, "success": 2}
    for line in attempts:
        assert line["duty.channel"] == "hook" and line["park.enterprise_id"] == enterprise
        assert line["duty.rule_id"] == "A22.response" and line["duty.person_ref"]
    assert len(town.daemon.logged(duty__case_id=number)) == len(journal_lines(town.daemon, matter))


def test_attempt_cut_off_by_a_crash_is_told_once(own_town, outcomes):
    town = own_town
    release = threading.Event()
    enterprise = town.enterprise()
    # What the registration itself tells is through before anything is held.
    town.daemon.wait_for_matter(f"enterprise/{enterprise}")
    eventually(
        lambda: {one["state"] for one in town.daemon.notifications(f"enterprise/{enterprise}")} <= {"sent"}
    )
    number, matter = complain(town, enterprise, held(release))
    eventually(lambda: len(town.receiver.told(matter, "N10")) == 2)
    town.daemon.kill()
    release.set()

    town.daemon.start(40)
    lines = town.daemon.logged("notification.uncertain", duty__case_id=number)
    assert len(lines) == 2 and len({line["duty.notification_id"] for line in lines}) == 2
    for line in lines:
        assert line["duty.journal_sequence"] > 0 and line["duty.channel"] == "hook"
        assert line["event.outcome"] == "unknown" and line["log.level"] == "warn"
    assert town.daemon.metric("notifications_total", channel="hook", outcome="uncertain") == 2

    # Neither a second start nor the dispatcher, who finds no other channel, says it again.
    eventually(lambda: {one["state"] for one in town.daemon.notifications(matter, "N10")} == {"uncertain"})
    town.daemon.restart()
    _, later = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(later, "N10", [STAFF, "@group"])
    reader = outcomes(town)
    reader.until(lambda records: any(action(one) == "notification.sent" for one in about(records, later)), 30)
    unknown = [one for one in about(reader.records, matter) if one["type"] == "park.notification.unknown.v1"]
    assert len(unknown) == 2 and len({one["data"]["notificationId"] for one in unknown}) == 2
    assert all(one["data"]["ruleVersion"].startswith(POLICY_VERSION) for one in unknown)
    assert not town.daemon.logged("notification.uncertain", duty__case_id=number)


def test_rates_and_ledger(own_town):
    town = own_town
    assert town.daemon.series("rate_ratio") == [], "of nothing there is no rate"
    assert town.daemon.series("rate_seconds") == []
    assert {labels["state"]: fen for labels, fen in town.daemon.series("ledger_fen")} == {
        "posted": 0, "held": 0, "settled": 0,
    }  # fmt: skip
    enterprise = town.enterprise()
    _, overdue = town.complain(enterprise, events.due_in(events.SOON))
    # One that is breached only because its event came late is in neither part of a rate.
    late, _ = town.complain(enterprise, events.ago(minutes=31))
    prompt, matter = town.complain(enterprise, events.now())
    town.send(events.responded(prompt, enterprise, events.now()))
    town.daemon.wait_for_state(f"complaint/{late}", "breached")
    town.daemon.wait_for_state(matter, "met")
    town.daemon.wait_for_state(overdue, "breached", within=30)
    assert town.daemon.metric("rate_ratio", name="response") == 0.5
    assert town.daemon.metric("rate_ratio", name="solution") is None
    # Only what was done has taken a time, and that was answered within its first minute.
    times = {labels["name"]: seconds for labels, seconds in town.daemon.series("rate_seconds")}
    assert times.keys() == {"responseMedian", "responseP90"} and set(times.values()) <= {0, 60}

    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, 100_001, events.ago(minutes=2)))
    town.send(events.fine_attributed(fine, enterprise, events.ago(minutes=1)))
    town.receiver.wait_for(f"fine/{fine}", "N72", [STAFF, LEADER])
    assert town.daemon.metric("ledger_fen", state="posted") == 50_000
    # The sums are kept with the commits, so they are there at once after a start.
    town.daemon.restart()
    assert town.daemon.metric("rate_ratio", name="response") == 0.5
    assert town.daemon.metric("ledger_fen", state="posted") == 50_000


def test_what_waits_is_counted_by_channel(own_town):
    town = own_town
    assert {labels["channel"] for labels, _ in town.daemon.series("outbox_pending")} == {"hook", ""}
    complain(town, town.enterprise(), fail_first(4, 503))
    eventually(lambda: town.daemon.metric("outbox_pending", channel="hook") == 2)
    assert town.daemon.metric("outbox_pending", channel="") == 0


def test_build_info_names_what_runs(town):
    ((labels, value),) = town.daemon.series("build_info")
    assert value == 1
    assert labels["version"] == run("--version").stdout.strip()
    assert labels["swift"].startswith("6.") and labels["librdkafka"].count(".") == 2


def test_duplicate_is_said_with_its_matter(town):
    number = events.number("CP")
    filed = events.filed(number, town.enterprise(), events.now())
    town.send(filed, filed)
    (line,) = eventually(lambda: town.daemon.logged("event.duplicate", event__id=filed["id"]))
    assert line["duty.matter"] == f"complaint/{number}" and line["log.level"] == "info"
    assert line["messaging.kafka.offset"] >= 0
    town.send(events.event("no.such.thing", "x/1", {}, events.now()))
    assert not town.daemon.logged("event.skipped"), "which is said at debug level"


def test_reload_changes_what_outcomes_and_log_quote(own_town, outcomes, tmp_path):
    town = own_town
    enterprise = town.enterprise()
    _, before = town.complain(enterprise, events.now())
    reader = outcomes(town)
    reader.until(lambda records: Counter(map(action, about(records, before)))["notification.sent"] == 2, 30)
    calendar = tmp_path / "calendar.yaml"
    text = (CONFIG / "calendars" / "cn.yaml").read_text(encoding="utf-8")
    calendar.write_text(text + "\n# another revision\n", encoding="utf-8")
    policy = tmp_path / "policy.yaml"
    text = POLICY.read_text(encoding="utf-8")
    assert f"version: {POLICY_VERSION}" in text and "蒸发〔2023〕4号" in text
    text = text.replace(f"version: {POLICY_VERSION}", "version: 2027-1.0").replace("蒸发〔2023〕4号", "蒸发〔2027〕1号")
    policy.write_text(text, encoding="utf-8")
    main = town.installation.file.read_text(encoding="utf-8")
    main = main.replace(f"{CONFIG}/calendars/cn.yaml", str(calendar))
    main = main.replace(str(POLICY), str(policy))
    town.installation.file.write_text(main, encoding="utf-8")
    town.daemon.reload()
    eventually(lambda: town.daemon.logged("service.reloaded"))
    _, after = town.complain(enterprise, events.now())

    records = reader.until(lambda records: about(records, after), 30)
    old, new = ([one["data"] for one in about(records, matter)] for matter in (before, after))
    assert {one["measureVersion"] for one in old} == {"蒸发〔2023〕4号"}, "the document that the matter keeps"
    assert {one["measureVersion"] for one in new} == {"蒸发〔2027〕1号"}
    revisions = {one["calendarRevision"] for one in new}
    assert len(revisions) == 1 and revisions.isdisjoint(one["calendarRevision"] for one in old)
    started = eventually(lambda: town.daemon.logged("deadline.started", duty__matter=after))
    assert {line["duty.calendar_revision"] for line in started} == revisions
