"""Article 22: a response within half an hour, a solution within 24 hours."""

import time
from datetime import timedelta

from support import events, schema
from support.events import BACKUP, HEAD, LEADER, OFFICE, SOON, STAFF
from support.waiting import always, eventually, sleep_until

DAY = timedelta(hours=24)


def test_owner_hears_of_a_new_appeal_within_two_seconds(town):
    enterprise = town.enterprise()
    town.receiver.wait_for(f"enterprise/{enterprise}", "N02", [STAFF])

    began = time.time()
    at = events.now()
    complaint, matter = town.complain(enterprise, at)
    heard = town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    # The promise itself, not patience: a quiet machine needs a twentieth of it.
    assert max(one.at for one in heard) - began < 2

    personal = next(one for one in heard if one.person == STAFF)
    assert personal.data["ruleId"] == "A22.response"
    assert personal.data["article"] == 22
    assert personal.data["enterpriseId"] == enterprise
    assert personal.data["recipient"] == {"personRef": STAFF, "role": "park.staff"}
    assert complaint in personal.data["text"]
    due = events.moment(personal.data["dueAt"])
    assert abs(due - at - events.HALF_HOUR) < timedelta(milliseconds=1)


def test_web_hooks_are_signed_cloudevents(town):
    _, matter = town.complain(town.enterprise(), events.now())
    for delivery in town.receiver.wait_for(matter, "N10", [STAFF, "@group"]):
        assert delivery.is_signed()
        assert not delivery.is_signed(secret="whsec_b3RoZXI=")
        assert abs(int(delivery.headers["webhook-timestamp"]) - delivery.at) < 5
        assert delivery.headers["content-type"].lower().startswith("application/cloudevents+json")
        schema.validate(schema.NOTIFICATION, delivery.event)
        assert delivery.id == delivery.data["notificationId"] == delivery.event["id"]
        assert delivery.event["subject"] == matter


def test_group_reads_no_contact_and_no_summary(town):
    _, matter = town.complain(town.enterprise(), events.now(), summary="联系人王女士电话13912345678,请回电")
    for delivery in town.receiver.wait_for(matter, "N10", [STAFF, "@group"]):
        assert "13912345678" not in delivery.body.decode()
        if delivery.is_group:
            assert "王女士" not in delivery.body.decode()


def test_nobody_answers(town):
    enterprise = town.enterprise()
    filed = events.due_in(SOON)
    due = filed + events.HALF_HOUR
    _, matter = town.complain(enterprise, filed)
    heard = town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])

    lateness = [one.at - due.timestamp() for one in heard]
    assert min(lateness) >= 0, "nobody is late before the half hour is over"
    assert max(lateness) < 3, "they are told at the half hour, not some time after it"
    obligation = town.daemon.wait_for_state(matter, "breached")
    assert events.moment(obligation["dueAt"]) == due
    assert events.moment(obligation["breachedAt"]) == due
    assert obligation["lateIngest"] is False
    assert obligation["metAt"] is None
    assert town.daemon.obligation(matter, "A22.solution")["state"] == "open"
    assert town.daemon.logged("deadline.breached", duty__case_id=matter.split("/")[1])


def test_the_last_warning_comes_before_the_breach(town):
    enterprise = town.enterprise()
    filed = events.due_in(2 * SOON)
    _, matter = town.complain(enterprise, filed)
    warned = town.receiver.wait_for(matter, "N12", [STAFF, LEADER])
    assert all(one.at < (filed + events.HALF_HOUR).timestamp() for one in warned)
    assert not town.receiver.told(matter, "N11"), "one message a moment, the latest"


def test_late_answer_is_told_to_those_who_heard_of_the_breach(town):
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.due_in(1.5))
    town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])

    town.send(events.responded(complaint, enterprise, events.now()))
    town.receiver.wait_for(matter, "N15", [STAFF, LEADER, "@group"])
    obligation = town.daemon.wait_for_state(matter, "met")
    assert obligation["breachedAt"] and obligation["metAt"]
    assert obligation["breachedAt"] < obligation["metAt"]


def test_e5_answer_in_time_that_arrives_after_the_breach_takes_it_back(town):
    enterprise = town.enterprise()
    filed = events.due_in(1.5)
    complaint, matter = town.complain(enterprise, filed)
    breached = town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])

    town.send(events.responded(complaint, enterprise, filed + timedelta(minutes=12)))
    taken_back = town.receiver.wait_for(matter, "N25", [STAFF, LEADER, "@group"])
    assert {one.data["withdraws"] for one in taken_back} == {one.id for one in breached}
    town.daemon.wait_for_state(matter, "met")
    assert not town.receiver.told(matter, "N15")


def test_answer_in_time_is_followed_by_silence(town):
    enterprise = town.enterprise()
    filed = events.due_in(SOON)
    complaint, matter = town.complain(enterprise, filed)
    town.send(events.responded(complaint, enterprise, events.now()))
    obligation = town.daemon.wait_for_state(matter, "met")
    assert obligation["breachedAt"] is None
    sleep_until(filed + events.HALF_HOUR)
    always(lambda: not town.receiver.told(matter, "N13"), during=2)


def test_automatic_receipt_does_not_count(town):
    enterprise = town.enterprise()
    filed = events.due_in(2)
    complaint, matter = town.complain(enterprise, filed)
    town.send(events.responded(complaint, enterprise, filed + timedelta(minutes=1), auto=True))
    town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])
    assert town.daemon.wait_for_state(matter, "breached")["metAt"] is None


def test_answer_of_another_role_does_not_count(town):
    enterprise = town.enterprise()
    filed = events.due_in(2)
    complaint, matter = town.complain(enterprise, filed)
    answer = events.responded(complaint, enterprise, filed + timedelta(minutes=1), "P-3001", "dept.contact")
    town.send(answer)
    town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])


def test_enterprise_outside_the_park_starts_no_clock(town):
    filed = events.due_in(1)
    _, matter = town.complain(town.enterprise(in_park=False), filed)
    assert town.daemon.wait_for_matter(matter)["obligations"] == []
    sleep_until(filed + events.HALF_HOUR)
    always(lambda: not town.receiver.told(matter), during=2)


def test_e6_withdrawn_appeal_stops_the_clock(town):
    enterprise = town.enterprise()
    filed = events.due_in(SOON)
    complaint, matter = town.complain(enterprise, filed)
    town.send(events.withdrawn(complaint, enterprise, events.now()))
    town.daemon.wait_for_state(matter, "cancelled")
    town.daemon.wait_for_state(matter, "cancelled", "A22.solution")
    sleep_until(filed + events.HALF_HOUR)
    always(lambda: not town.receiver.told(matter, "N13"), during=2)


def test_no_solution_after_a_day(town):
    enterprise = town.enterprise()
    filed = events.due_in(3, DAY)
    complaint, matter = town.complain(enterprise, filed)
    heard = town.receiver.wait_for(matter, "N22", [LEADER, HEAD, OFFICE])
    assert min(one.at for one in heard) >= (filed + DAY).timestamp()
    town.daemon.wait_for_state(matter, "breached", "A22.solution")

    town.send(events.planned(complaint, enterprise, events.now()))
    eventually(lambda: {LEADER, HEAD, OFFICE} <= set(town.receiver.people(matter, "N24")))
    town.daemon.wait_for_state(matter, "met", "A22.solution")


def test_e4_appeal_that_reaches_us_too_late_is_marked(town):
    _, matter = town.complain(town.enterprise(), events.ago(minutes=45))
    town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])
    assert town.daemon.wait_for_state(matter, "breached")["lateIngest"] is True


def test_e3_answer_before_its_question_waits(town):
    enterprise = town.enterprise()
    filed = events.due_in(60)
    complaint = events.number("CP")
    town.send(events.responded(complaint, enterprise, events.now()))
    matter = f"complaint/{complaint}"
    town.daemon.wait_for_matter(matter)
    town.send(events.filed(complaint, enterprise, filed))
    town.daemon.wait_for_state(matter, "met")


def test_two_staff_share_one_enterprise(town):
    _, matter = town.complain(town.enterprise(staff=[STAFF, BACKUP]), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, BACKUP, "@group"])
