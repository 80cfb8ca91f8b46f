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
    assert "可入企检查的工作日还有" in text


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
