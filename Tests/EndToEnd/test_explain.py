"""What `explain` says of events that come to nothing, or to less than a reader may expect."""

import json
from datetime import datetime, timedelta

import pytest

from support import events
from support.daemon import run
from support.installation import CONFIG, PROJECT

AT = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


def explained(lines, *words, config=CONFIG / "dutyclock.yaml", **environment) -> str:
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in lines)
    result = run("explain", "-", "--config", config, *words, stdin=text, **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout


def visit(enterprise: str, start: datetime) -> dict:
    data = {
        "visitId": "VS-1", "enterpriseId": enterprise, "deptId": "D-SCJG", "level": "county", "purpose": "inspection",
        "start": events.stamp(start), "end": events.stamp(start + timedelta(hours=2)),
    }  # fmt: skip
    return events.event("visit.planned", "visit/VS-1", data, AT)


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh-CN", "不适用:企业不在园区内"), ("en", "does not apply: the enterprise is not in the park")],
)
def test_an_enterprise_outside_the_park(locale, words):
    name, introduction = events.enterprise(in_park=False)
    text = explained([*introduction, events.filed("CP-1", name, AT)], "--locale", locale)
    assert words in text
    assert ("第22条「诉求半小时内回应」" if locale == "zh-CN" else "art. 22「Respond to a request") in text
    _, inside = events.enterprise()
    inside_name = inside[-1]["data"]["enterpriseId"]
    assert words not in explained([*inside, events.filed("CP-1", inside_name, AT)], "--locale", locale)


def test_an_enterprise_without_a_linked_leader():
    name, introduction = events.enterprise(linked=())
    text = explained([*introduction, events.case_opened("CS-1", name, AT)])
    assert "第25条「立案事先报告联点县级领导」不适用:企业没有联点县级领导" in text


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({}, "能否适用不能判断:没有登记企业是否规上、没有登记企业是否正常生产"),
        ({"aboveScale": True}, "能否适用不能判断:没有登记企业是否正常生产"),
        ({"aboveScale": False}, "「企业宁静日」不适用:企业不是规上企业"),
    ],
)
def test_flags_of_the_enterprise(flags, words):
    name, introduction = events.enterprise()
    introduction[-1]["data"] |= flags
    text = explained([*introduction, visit(name, AT)])
    assert words in text
    assert "可入企检查的工作日共" in text


def test_an_event_from_before_the_measure():
    name, introduction = events.enterprise()
    old = datetime.fromisoformat("2023-08-14T10:00:00+08:00")
    text = explained([*introduction, events.filed("CP-1", name, old)])
    assert "早于文件施行日 2023-08-15,只作记录,不产生任何义务" in text
    assert "开始计时" not in "".join(line for line in text.splitlines() if "complaint/CP-1" in line)
    english = explained([*introduction, events.filed("CP-1", name, old)], "--locale", "en")
    assert "from before 2023-08-15, when the document came into force" in english


def test_an_alert_that_was_acknowledged():
    name, introduction = events.enterprise()
    data = {
        "notificationId": f"A22.response|complaint/CP-1|1|breach|{events.STAFF}", "personRef": events.STAFF,
        "at": events.stamp(AT + timedelta(minutes=33)), "via": "card",
    }  # fmt: skip
    seen = events.event("notification.acknowledged", "complaint/CP-1", data, AT + timedelta(minutes=33))
    lines = [*introduction, events.filed("CP-1", name, AT), seen]
    text = explained(lines)
    assert "阶段 breach 不再向此人重复,但 30 分钟后仍未办结的再次告知" in text
    assert "确认不算回应或办结,计时照旧" in text
    assert "is neither an answer nor the end of the matter" in explained(lines, "--locale", "en")


def test_a_restricted_matter():
    data = {"clueId": "CL-1", "direction": "discipline>dept", "at": events.stamp(AT)}
    clue = events.event("clue.transferred", "clue/CL-1", data, AT, dataclassification="restricted")
    text = explained([clue])
    assert "受限事项:消息、日志和页面上只有编号和时限" in text
    assert "restricted: messages, logs and pages show its number" in explained([clue], "--locale", "en")


def test_another_county_is_explained_by_its_own_articles_and_roles(tmp_path):
    directory = tmp_path / "directory.yaml"
    directory.write_text(
        "people:\n  - { ref: P-1, name: 乔望津, department: D-SCJG, roles: [bureau, visiting.unit] }\n", encoding="utf-8"
    )
    policy = PROJECT / "Tests" / "EngineTests" / "Fixtures" / "neighbouring-county.yaml"
    around = {"DUTYCLOCK_POLICY": str(policy), "DUTYCLOCK_DIRECTORY": str(directory)}
    name = events.number("E")
    known = [events.registered(name), events.assigned(name, "P-1032", "town.officer")]
    text = explained([*known, events.filed("CP-1", name, AT), events.case_opened("CS-1", name, AT)], **around)
    assert "第4条「两小时内回应」" in text and "只计办公时间,共 2 小时" in text
    assert "乡镇专员 town.officer" in text
    assert "第9条「立案前告知挂钩领导」不适用:企业没有挂钩县领导" in text
    assert "第22条" not in text and "第25条" not in text


def service(kind: str, what: str, enterprise: str, at: datetime, **more) -> dict:
    field = "requestedAt" if what == "service.requested" else "at"
    data = {"serviceId": "SV-1", "enterpriseId": enterprise, field: events.stamp(at)} | more
    if what == "service.requested":
        data["kind"] = kind
    return events.event(what, "service/SV-1", data, at)


def test_days_on_which_the_clock_stood_are_named():
    name, introduction = events.enterprise()
    water = [
        service("water", "service.requested", name, AT),
        service("water", "service.paused", name, AT + timedelta(days=1), reason="design"),
        service("water", "service.resumed", name, AT + timedelta(days=3), reason="design"),
    ]
    text = explained([*introduction, *water], "--hours", "1", "--locale", "en")
    assert "the clock stands; when it goes on, it gets a due time" in text and "null" not in text
    after = text.rsplit("due time worked out anew, due 2026-12-02 17:30:00", 1)[1]
    days = [line.strip(" ·") for line in after.splitlines() if "2026-1" in line and "working day:" in line]
    assert days[:4] == [
        "2026-11-24 Tue working day: the first day, does not count", "2026-11-25 Wed working day: the clock stands",
        "2026-11-26 Thu working day: the clock stands", "2026-11-27 Fri working day: day 1",
    ]  # fmt: skip
    assert "2026-12-02 Wed working day: day 4" in days
    # Of a gas connection the document makes no such exception, and no pause is asked about.
    gas = [service("gas", "service.requested", name, AT), water[1]]
    text = explained([*introduction, *gas], "--hours", "1", "--locale", "en")
    assert text.count("does not count it: reason is design, and the rule wants none") == 1
    assert "starts no new clock" not in text


def test_a_day_limit_that_ends_on_a_holiday_names_it():
    name, introduction = events.enterprise()
    at = datetime.fromisoformat("2026-09-27T10:00:00+08:00")
    text = explained([*introduction, events.filed("CP-1", name, at, kind="window")], "--hours", "1", "--locale", "en")
    assert "2026-10-02 Fri holiday 国庆节: day 5" in text
    assert "2026-10-08 Thu working day: moves on to this day" in text


def test_a_year_that_was_published_meanwhile_is_counted_by_its_notice():
    name, introduction = events.enterprise()
    at = datetime.fromisoformat("2026-12-29T10:00:00+08:00")
    notice = {
        "year": 2027, "offDays": ["2027-01-01", "2027-01-04"], "makeupWorkdays": [], "docNo": "N-1", "revision": 1,
    }  # fmt: skip
    lines = [
        *introduction,
        service("water", "service.requested", name, at),
        events.event("calendar.published", "calendar/2027", notice, at + timedelta(days=1)),
    ]
    text = explained(lines, "--hours", "1", "--locale", "en")
    assert "due 2027-01-06 17:30:00" in text and "2027-01-04 Mon holiday: does not count" in text


def test_why_an_event_changed_no_clock():
    name, introduction = events.enterprise()
    by_window = events.responded("CP-1", name, AT + timedelta(minutes=5))
    by_window["data"]["by"]["role"] = "hall.window"
    reopened = events.event(
        "complaint.reopened",
        "complaint/CP-1",
        {
            "complaintId": "CP-1", "enterpriseId": name, "at": events.stamp(AT + timedelta(minutes=9)),
            "reason": "notSolved", "cycle": 2,
        },
        AT + timedelta(minutes=9),
    )  # fmt: skip
    text = explained([*introduction, events.filed("CP-1", name, AT), by_window, reopened], "--hours", "1")
    assert "第22条「诉求半小时内回应」不计入:by.role 为 hall.window,规则要求为 park.staff、park.leader" in text
    assert "第22条「诉求半小时内回应」不重新计时:此前没有办结" in text
    again = events.responded("CP-1", name, AT + timedelta(minutes=7))
    later = events.responded("CP-1", name, AT + timedelta(minutes=8))
    later["id"] += "-2"
    text = explained([*introduction, events.filed("CP-1", name, AT), again, later], "--hours", "1")
    assert text.count("没有改变任何时限,只作记录") == 1


def test_duties_of_the_directory_are_told_where_something_is_about_them():
    name, introduction = events.enterprise()
    done = {
        "dutyCode": "A24", "performedAt": events.stamp(AT), "personRef": "P-0001", "enterpriseId": name, "theme": "用工",
    }  # fmt: skip
    text = explained([*introduction, events.event("duty.performed", "duty/A24", done, AT)], "--hours", "1")
    assert "duty/A24.P-0001" in text and "例行工作已完成" in text and "duty/A24.P-0002" not in text
    assert "项例行工作与这些事件无关,未列出" in text
