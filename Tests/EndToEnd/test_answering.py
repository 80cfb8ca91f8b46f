"""The link in a personal alert: what it shows, what it does, and what it does not do."""

import base64
import hashlib
import hmac
import http.client
import json
import struct
import time
from datetime import timedelta

import pytest
from support import events
from support.events import LEADER, STAFF
from support.phone import Phone
from support.waiting import always, eventually


def warned(town, seconds=120, person=STAFF):
    """A complaint that falls due in so many seconds, and the link that this person got."""
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.due_in(seconds))
    told = eventually(lambda: town.receiver.told(matter, "N12", person), what=f"N12 about {matter}")[0]
    return complaint, matter, told, Phone(told.data["link"])


def facts(town, matter, kind) -> list[dict]:
    return [one for one in town.daemon.matter(matter)["facts"] if one["type"] == f"park.{kind}.v1"]


def notification(town, matter, told) -> dict:
    found = town.daemon.notifications(matter)
    return next(one for one in found if one["notificationId"] == told.id)


def test_only_personal_alerts_carry_a_link(town):
    _, matter, told, _ = warned(town, seconds=20)
    assert told.data["link"].startswith(town.installation.url + "/a/")
    town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"], within=40)
    for delivery in town.receiver.told(matter, "N13"):
        assert ("link" in delivery.data) == (not delivery.is_group)


def test_looking_does_nothing(town):
    _, matter, told, phone = warned(town)
    # Whoever else is told of the same step has been told as well.
    eventually(lambda: all(one["state"] == "sent" for one in town.daemon.notifications(matter)), what="all sent")
    before = town.daemon.matter(matter)
    for _ in range(2):
        status, page = phone.look()
        assert status == 200 and "收到" in page
        assert phone.api.request("HEAD", phone.path) == (200, b"")
        assert phone.look("?done=respond&do=respond&mode=phone")[0] == 200
    always(lambda: town.daemon.matter(matter) == before, during=2)


def test_the_page_says_what_whose_and_how_long(town):
    complaint, _, _, phone = warned(town)
    chinese = phone.text()
    for word in [complaint, "司徒静澜", "服务专员", "催办", "剩", "厂区临时用电容量不足", "已联系企业", "登记方案", "未登记"]:
        assert word in chinese, word
    english = phone.text(language="en-GB,en;q=0.9")
    for word in [complaint, "Reminder", "left", "Enterprise contacted", "Record a plan", "not yet", "Respond to a request within half an hour",
                 "Link opens until"]:
        assert word in english, word
    assert phone.text("?lang=en") == english


def test_acknowledged_is_neither_response_nor_plan(town):
    _, matter, told, phone = warned(town)
    assert phone.hand_in("acknowledge")[0] == 303
    known = eventually(lambda: notification(town, matter, told).get("acknowledged"), what="acknowledged")
    assert known["personRef"] == STAFF and known["via"] == "web" and known["at"]
    assert town.daemon.obligation(matter)["state"] == "open"
    assert town.daemon.obligation(matter, "A22.solution")["state"] == "open"
    assert town.daemon.logged("notification.acknowledged", duty__notification_id=told.id)
    assert "acknowledge" not in phone.forms() and {"respond", "propose"} <= set(phone.forms())
    assert "已计入" in phone.text("?done=acknowledge")


def test_a_response_meets_the_half_hour_and_replaying_it_adds_nothing(town):
    _, matter, _, phone = warned(town)
    form = phone.forms()["respond"]
    assert phone.hand_in("respond", form, mode="phone")[0] == 303
    met = town.daemon.wait_for_state(matter, "met")
    assert met["breachedAt"] is None and met["metAt"]
    (fact,) = facts(town, matter, "complaint.responded")
    assert fact["data"]["by"] == {"personRef": STAFF, "role": "park.staff"}
    assert fact["data"]["mode"] == "phone" and fact["source"] == "/dutyclock/answers"
    for mode in ["phone", "visit"]:
        assert phone.hand_in("respond", form, mode=mode)[0] == 303
    always(lambda: facts(town, matter, "complaint.responded") == [fact], during=2)
    page = phone.text("?done=respond")
    assert "已计入" in page and "电话" in page and "等待计入" not in page
    assert "respond" not in phone.forms()


def test_two_taps_at_once_are_one_fact(town):
    _, matter, _, phone = warned(town)
    form = phone.forms()["respond"]
    for _ in range(5):
        phone.hand_in("respond", form, mode="visit")
    town.daemon.wait_for_state(matter, "met")
    always(lambda: len(facts(town, matter, "complaint.responded")) == 1, during=2)


def test_a_late_response_by_the_link_is_told_to_those_who_were_alarmed(town):
    _, matter, told, phone = warned(town, seconds=8)
    alarmed = town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"], within=30)
    assert "已超" in phone.text()
    assert phone.hand_in("respond", mode="visit")[0] == 303
    town.receiver.wait_for(matter, "N15", [STAFF, LEADER, "@group"])
    assert len(alarmed) == 3
    assert not [one for one in town.receiver.told(matter, "N15") if "link" in one.data]


def test_a_plan_is_recorded_with_unit_and_date(town):
    _, matter, _, phone = warned(town)
    day = (events.now() + timedelta(days=3)).date().isoformat()
    assert phone.hand_in("propose", unit="供电公司", plan="DOC-551", date=day)[0] == 303
    town.daemon.wait_for_state(matter, "met", "A22.solution")
    (fact,) = facts(town, matter, "complaint.solution.proposed")
    assert (fact["data"]["responsibleUnit"], fact["data"]["planRef"], fact["data"]["plannedBy"]) == (
        "供电公司", "DOC-551", day,
    )  # fmt: skip
    assert "供电公司" in phone.text()


@pytest.mark.parametrize("fields", [
    {"unit": "", "plan": "DOC-1"}, {"unit": "供电公司", "plan": "x" * 65},
    {"unit": "供电公司", "plan": "电话13912345678"}, {"unit": "供电公司", "plan": "DOC-1", "date": "2024-01-01"},
])  # fmt: skip
def test_what_is_wrong_with_a_plan_is_said(town, fields):
    _, matter, _, phone = warned(town)
    status, page = phone.hand_in("propose", **fields)
    assert status == 422 and 'class="notice late"' in page
    assert not facts(town, matter, "complaint.solution.proposed")


def test_a_withdrawn_matter_says_so(town):
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.due_in(120))
    eventually(lambda: town.receiver.told(matter, "N12", STAFF), what="N12")
    phone = Phone(town.receiver.told(matter, "N12", STAFF)[0].data["link"])
    form = phone.forms()["respond"]
    town.send(events.withdrawn(complaint, enterprise, events.now()))
    town.daemon.wait_for_state(matter, "cancelled")
    assert "无需答复" in phone.text() and not phone.forms()
    assert phone.hand_in("respond", form, mode="phone")[0] == 303
    always(lambda: not facts(town, matter, "complaint.responded"), during=1)


def rejected(town, reason) -> float:
    return town.daemon.metric("link_rejected_total", reason=reason) or 0


def unreadable(town) -> float:
    return rejected(town, "forged") + rejected(town, "malformed")


def test_a_changed_link_opens_nothing(town):
    _, matter, _, phone = warned(town)
    form = phone.forms()["respond"]
    last = phone.path[-1]
    for path in [phone.path[:-1] + ("A" if last != "A" else "Q"), phone.path[:-9]]:
        forged = Phone(town.installation.url + path)
        before = unreadable(town)
        status, page = forged.look()
        assert status == 403 and "链接无效" in page and "not valid" in page
        assert forged.hand_in("respond", form, mode="phone")[0] == 403
        assert unreadable(town) == before + 2
    assert Phone(town.installation.url + "/a/x").look()[0] == 403
    assert not facts(town, matter, "complaint.responded")


def test_the_proof_of_another_link_is_worth_nothing(town):
    _, matter, _, phone = warned(town)
    _, _, _, other = warned(town)
    form = other.forms()["respond"]
    before = rejected(town, "crossSite")
    assert phone.hand_in("respond", form, mode="phone")[0] == 403
    own = phone.forms()["respond"]
    for headers in [{"origin": "https://elsewhere.example.org"}, {"sec-fetch-site": "cross-site"}]:
        assert phone.hand_in("respond", own, headers, mode="phone")[0] == 403
    assert phone.hand_in("respond", own, mode="x" * 5_000)[0] == 403
    assert rejected(town, "crossSite") == before + 4
    assert not facts(town, matter, "complaint.responded")
    assert phone.hand_in("respond", own, {"origin": town.installation.url}, mode="phone")[0] == 303


def test_too_many_forms_are_turned_away(town):
    _, _, _, phone = warned(town)
    form = phone.forms()["respond"]
    answers = [phone.hand_in("respond", form, mode="no such")[0] for _ in range(14)]
    assert answers[:12] == [422] * 12 and answers[12:] == [429, 429]


def test_the_page_is_kept_by_nobody_and_names_its_address_to_nobody(town):
    _, _, _, phone = warned(town)
    direct = http.client.HTTPConnection("127.0.0.1", town.installation.port)
    direct.request("GET", phone.path)
    answer = direct.getresponse()
    body = answer.read().decode()
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "<script" not in body and "style=" not in body and "http://" not in body and "https://" not in body
    assert phone.path.split("/")[-1] not in body
    direct.close()


LINK_SECRET = "thirty-measures-one-half-hour-0001"


def signed(token: str, seconds: int) -> str:
    """The same token with another end, signed anew: purpose, seconds, the rest, 128 bits of the HMAC."""
    payload = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:-16]
    payload = payload[:1] + struct.pack(">I", seconds) + payload[5:]
    mac = hmac.new(LINK_SECRET.encode(), b"dutyclock link v1\0" + payload, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(payload + mac).decode().rstrip("=")


def test_a_link_ends_with_its_time(broker, build):
    town = build(broker.bootstrap)
    file = town.installation.file
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  publicURL:", "  linkSecret: { env: LINK_SECRET }\n  publicURL:"), encoding="utf-8")
    town.daemon.start(LINK_SECRET=LINK_SECRET)
    _, matter, told, phone = warned(town)
    assert "链接有效至" in phone.text()
    token = phone.path.split("/")[-1]
    form = phone.forms()["acknowledge"]
    phone.path = "/a/" + signed(token, int(time.time()) + 3_600)
    assert phone.look()[0] == 200, "another end, signed with the secret, is a good link"
    phone.path = "/a/" + signed(token, int(time.time()) - 1)
    status, page = phone.look()
    assert status == 410 and "过期" in page
    assert phone.hand_in("acknowledge", form)[0] == 410
    always(lambda: "acknowledged" not in notification(town, matter, told), during=2)
    assert town.daemon.logged(duty__reason="expired")
    assert town.daemon.metric("link_rejected_total", reason="expired") == 2


def test_links_outlive_a_restart_and_end_with_their_person(own_town):
    town = own_town
    _, matter, told, phone = warned(town)
    town.daemon.restart()
    assert phone.look()[0] == 200
    file = town.installation.folder / "directory.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text("\n".join(line for line in text.splitlines() if STAFF not in line), encoding="utf-8")
    town.daemon.reload()
    eventually(lambda: phone.look()[0] == 410, what="the page says that its person has left")
    assert "通讯录" in phone.look()[1]
    assert town.daemon.logged(duty__reason="personGone")


# Replies to text messages.


def reply(town, text, phone="13800138000"):
    body = [{"phone_number": phone, "content": text, "send_time": "2020-01-01 00:00:00", "sequence_id": 1}]
    kind = {"content-type": "application/json"}
    return town.daemon.api.request("POST", "/api/v1/replies", json.dumps(body).encode(), kind)


def test_a_text_message_can_be_answered(town):
    complaint, matter, told, _ = warned(town)
    assert reply(town, f"收到 {complaint}") == (200, '{"code":0,"msg":"成功"}\n'.encode())
    known = eventually(lambda: notification(town, matter, told).get("acknowledged"), what="acknowledged")
    assert known["via"] == "sms-reply"
    reply(town, f"2 {complaint}")
    always(lambda: town.daemon.obligation(matter)["state"] == "open", during=1)
    for _ in range(2):
        assert reply(town, f"已联系 {complaint} 上门", "+8613800138000")[0] == 200
    town.daemon.wait_for_state(matter, "met")
    (fact,) = facts(town, matter, "complaint.responded")
    assert fact["data"]["mode"] == "visit" and fact["data"]["by"]["personRef"] == STAFF


def test_what_a_reply_cannot_mean_is_counted_and_not_repeated(town):
    complaint, _, _, _ = warned(town)
    for text, phone, result in [
        (f"1 {complaint}", "13900139000", "unknownNumber"), ("你好", "13800138000", "unknownText"),
        ("1 CP-1999-0", "13800138000", "unknownMatter"),
    ]:  # fmt: skip
        before = town.daemon.metric("replies_total", result=result) or 0
        assert reply(town, text, phone)[0] == 200
        assert town.daemon.metric("replies_total", result=result) == before + 1
    assert "13900139000" not in town.daemon.runs[-1].read_text(encoding="utf-8")
    assert town.daemon.api.request("POST", "/api/v1/replies", b"{}")[0] == 400
