"""What an operator and a dashboard read. Every line of every run is checked when its town closes."""

import shutil
import subprocess

import pytest

from support import events
from support.events import STAFF
from support.waiting import eventually


def test_logs_name_nobody(town):
    complaint, matter = town.complain(
        town.enterprise(), events.now(), summary="请拨打13912345678联系司徒静澜", contactRef="C-13912345678"
    )
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    eventually(lambda: town.daemon.logged("notification.sent", duty__case_id=complaint))
    problems = town.daemon.log_problems()
    assert not problems, "\n".join(problems[:20])


def test_each_step_of_a_story_is_one_line(town):
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.due_in(events.SOON))
    town.receiver.wait_for(matter, "N13", [STAFF, events.LEADER, "@group"])
    town.send(events.responded(complaint, enterprise, events.now()))
    town.receiver.wait_for(matter, "N15", [STAFF, events.LEADER, "@group"])
    eventually(lambda: len(town.daemon.logged("deadline.met", duty__case_id=complaint)) == 1)

    lines = town.daemon.logged(duty__case_id=complaint)
    by_action = {}
    for line in lines:
        by_action.setdefault(line["event.action"], []).append(line)
        assert line["park.enterprise_id"] == enterprise
        assert line["service.name"] == "dutyclock"
        assert line["event.kind"] in ("alert", "event")
    assert len(by_action["event.accepted"]) == 2
    assert len(by_action["deadline.started"]) == 2
    (breach,) = by_action["deadline.breached"]
    assert breach["event.kind"] == "alert"
    assert breach["duty.rule_id"] == "A22.response"
    assert breach["duty.article"] == 22
    assert breach["duty.due_at"]
    assert (breach["event.code"], breach["duty.level"]) == ("N13", "L1")
    sent = by_action["notification.sent"]
    assert all(line["event.duration"] >= 0 and line["duty.level"] in ("L0", "L1") for line in sent if line["duty.recipient_role"] != "@group")
    assert all(line["messaging.system"] == "kafka" for line in by_action["event.accepted"])
    # Attempts go on record beside the engine's commits; a commit and an attempt may change places in the log.
    engine = [line for line in lines if "duty.journal_sequence" in line and "duty.attempt" not in line]
    sequences = [line["duty.journal_sequence"] for line in engine]
    assert sequences == sorted(sequences)


def test_standard_error_stays_empty(town):
    assert [run.with_suffix(".stderr").read_bytes() for run in town.daemon.runs] == [b""]


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here")
def test_metrics_page_pleases_promtool(town):
    status, page = town.daemon.api.request("GET", "/metrics")
    assert status == 200
    result = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True)
    assert result.returncode == 0, (result.stdout + result.stderr).decode()


# Every metric that is promised, and by which label each series tells itself apart.
PROMISED = {
    "events_total": "result", "event_lag_seconds_count": None, "kafka_consumer_lag": "partition",
    "commit_seconds_count": None, "commit_events_count": None, "deadlines_open": "rule", "deadlines_total": "outcome",
    "deadline_lateness_seconds_count": None, "timers_overdue": None, "notifications_total": "outcome",
    "notification_latency_seconds_count": "channel", "outbox_pending": "channel", "outbox_oldest_seconds": None,
    "channel_open": "channel", "ledger_fen": "state", "rate_ratio": "name", "config_reload_success": None,
    "build_info": "version", "group_members_foreign": None, "ready": None, "clock_jumps_total": None,
    "calendar_notice_missing": None, "commit_failures_total": None,
}  # fmt: skip


def test_promised_metrics_have_samples(town):
    """A story that touches each of them, then the samples themselves and not their headings."""
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.ago(minutes=31))
    town.daemon.wait_for_state(matter, "breached")
    town.receiver.wait_for(matter, "N13", [STAFF, events.LEADER, "@group"])
    eventually(lambda: town.daemon.metric("notification_latency_seconds_count", channel="hook"))
    for name, label in PROMISED.items():
        series = town.daemon.series(name)
        assert series, f"dutyclock_{name} has no sample"
        assert label is None or all(known.get(label) is not None for known, _ in series), name
    assert town.daemon.metric("ready") == 1
    assert town.daemon.metric("channel_open", channel="hook") == 0
    assert town.daemon.metric("deadlines_open", rule="A22.response") >= 1
    assert {known["state"] for known, _ in town.daemon.series("ledger_fen")} == {"posted", "held", "settled"}
