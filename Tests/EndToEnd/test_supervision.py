"""What supervisors do, by command and over HTTP: each asks why, goes over Kafka, and is on record with who did it."""

from urllib.parse import quote

from support import events
from support.events import HEAD, LEADER, STAFF
from support.waiting import always, eventually

BY = ("--by", "P-9001")


def facts(town, matter, kind) -> list[dict]:
    return [one for one in town.daemon.matter(matter)["facts"] if one["type"] == f"park.{kind}.v1"]


def open_complaint(town):
    complaint, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    return complaint, matter


def test_a_step_is_told_at_once_and_once_for_one_request(town):
    _, matter = open_complaint(town)
    words = ["escalate", matter, "--rule", "A22.response", "--stage", "escalate60", "--reason", "企业停产", *BY]
    request = ["--request", "R-" + matter]
    for _ in range(2):
        done = town.daemon.command(*words, *request)
        assert done.returncode == 0, done.stderr
    told = town.receiver.wait_for(matter, "N94", [HEAD])
    (told,) = town.receiver.told(matter, "N94", HEAD)
    assert told.data["stage"] == "escalate60" and "企业停产" in told.data["text"]
    always(lambda: len(town.receiver.told(matter, "N94")) == 1, during=2)
    (fact,) = facts(town, matter, "escalation.requested")
    assert fact["data"]["requestId"] == "R-" + matter and fact["source"] == "/dutyclock/supervisor"
    (line,) = [one for one in town.daemon.logged("escalation.requested") if one["duty.matter"] == matter]
    assert line["duty.by"] == "P-9001" and "duty.reason" not in line and line["duty.stage"] == "escalate60"
    again = town.daemon.command(*words)
    assert again.returncode == 65 and "escalate60" in again.stderr


def test_an_acknowledgement_for_somebody_else_is_theirs(town):
    _, matter = town.complain(town.enterprise(), events.due_in(2))
    told = town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"], within=30)
    key = f"A22.response|{matter}|1|breach|{LEADER}"
    done = town.daemon.command("ack", key, "--reason", "已电话告知", "--json", *BY)
    assert done.returncode == 0, done.stderr
    (fact,) = eventually(lambda: facts(town, matter, "notification.acknowledged"))
    assert fact["data"]["personRef"] == LEADER and fact["data"]["via"] == "supervisor"
    shown = next(one for one in town.daemon.notifications(matter) if one["notificationId"] == key)
    assert shown["acknowledged"]["personRef"] == LEADER and shown["acknowledged"]["via"] == "supervisor"
    line = next(
        one for one in town.daemon.logged("notification.acknowledged") if one["duty.notification_id"] == key
    )
    assert line["duty.person_ref"] == LEADER and line["duty.by"] == "P-9001"


def test_a_silence_is_set_seen_and_ended(town):
    enterprise = town.enterprise()
    done = town.daemon.command(
        "silence", "set", "--enterprise", enterprise, "--minutes", 30, "--id", "S-" + enterprise,
        "--reason", "演练", *BY,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    def silence():
        known = town.daemon.api.get("/api/v1/silences")["silences"]
        return next((one for one in known if one["silenceId"] == "S-" + enterprise), None)

    eventually(silence)
    _, matter = town.complain(enterprise, events.now())
    eventually(lambda: [one["state"] for one in town.daemon.notifications(matter, "N10")] == ["silenced"] * 2)
    assert silence()["state"] == "holds" and silence()["matters"] >= 1 and silence()["by"] == "P-9001"
    assert "S-" + enterprise in town.daemon.command("silence", "list").stdout
    ended = town.daemon.command("silence", "end", "S-" + enterprise, "--reason", "演练结束", *BY)
    assert ended.returncode == 0, ended.stderr
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    assert silence()["state"] == "over"


def test_every_action_asks_why(town):
    _, matter = open_complaint(town)
    key = f"A22.response|{matter}|1|open|{STAFF}"
    scope = {"scope": {"matter": matter}, "minutes": 5}
    paths = [
        ("POST", f"/api/v1/matters/{matter}/escalate", {"ruleId": "A22.response", "stage": "breach"}),
        ("POST", "/api/v1/notifications/" + quote(key, safe="") + "/acknowledge", {}),
        ("POST", "/api/v1/silences", scope),
    ]
    for method, path, body in paths:
        for reason, code in [(None, "reasonMissing"), ("请致电13800000000", "reasonPersonal"), ("长" * 201, "reasonTooLong")]:
            asked = body | ({"reason": reason} if reason else {})
            status, answer = town.daemon.api.ask(method, path, asked)
            assert (status, answer["error"]) == (400, code), path
    status, answer = town.daemon.api.ask(*paths[0][:2], paths[0][2] | {"reason": "x", "why": "y"})
    assert (status, answer["error"]) == (400, "badField")
    assert facts(town, matter, "escalation.requested") == []
