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


def test_promised_metrics_are_there(town):
    _, page = town.daemon.api.request("GET", "/metrics")
    text = page.decode()
    for name in """
        events_total event_lag_seconds kafka_consumer_lag commit_seconds commit_events deadlines_open
        deadlines_total deadline_lateness_seconds timers_overdue notifications_total
        notification_latency_seconds outbox_pending outbox_oldest_seconds config_reload_success build_info
        group_members_foreign
    """.split():
        assert f"dutyclock_{name.removesuffix('_total')}" in text, name
