"""What the daemon sends over HTTP is what docs/openapi.yaml says, with real data behind every path."""

import copy
import http.client
import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from support import events
from support.events import BACKUP, LEADER, STAFF
from support.installation import PEOPLE, PROJECT
from support.waiting import eventually

CHINESE = re.compile("[\u4e00-\u9fff]")
OPENAPI = yaml.safe_load((PROJECT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))


def closed(value):
    """The same schema, that refuses members which it does not name: what is not described must not be sent."""
    if isinstance(value, dict):
        inner = {name: closed(one) for name, one in value.items()}
        return inner | {"additionalProperties": False} if "properties" in value else inner
    return [closed(one) for one in value] if isinstance(value, list) else value


COMPONENTS = closed(copy.deepcopy(OPENAPI["components"]))


def schema(path: str, method: str, status: int) -> dict:
    answer = OPENAPI["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = OPENAPI["components"]["responses"][answer["$ref"].split("/")[-1]]
    return answer["content"]["application/json"]["schema"] | {"components": COMPONENTS}


def check(value, path: str, method: str = "get", status: int = 200):
    validator = Draft202012Validator(schema(path, method, status), format_checker=FormatChecker())
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert not problems, f"{method} {path}: {problems[:5]}"


@pytest.fixture(scope="module")
def known(town):
    """A town in which every list has something of every kind that is easy to have."""
    enterprise = town.enterprise(staff=(STAFF, BACKUP))
    _, late_matter = town.complain(enterprise, events.due_in(-60))
    _, running = town.complain(enterprise, events.due_in(1500))
    done, done_matter = town.complain(enterprise, events.due_in(1200))
    town.send(events.responded(done, enterprise, events.now()))
    case = events.number("CS")
    town.send(events.case_opened(case, enterprise, events.ago(minutes=2)))
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, 2_000_000, events.ago(minutes=5)))
    town.send(events.fine_attributed(fine, enterprise, events.ago(minutes=1)))
    town.send(events.filed("", enterprise, events.now()))
    eventually(lambda: town.daemon.ledger(fine)["entries"], what="the ledger")
    eventually(lambda: town.daemon.api.get("/api/v1/dlq")["letters"], what="a dead letter")
    town.daemon.wait_for_state(late_matter, "breached")
    town.daemon.wait_for_state(done_matter, "met")
    eventually(lambda: town.daemon.notifications(running)[0]["attempts"][0]["outcome"], what="an attempt")
    return {"enterprise": enterprise, "late": late_matter, "running": running, "fine": fine, "case": f"case/{case}"}


def get(town, path: str, query: str = ""):
    status, body = town.daemon.api.request("GET", path + query)
    assert status == 200, body
    return json.loads(body)


# Every list, with rows


def lists(town, known):
    enterprise, fine = known["enterprise"], known["fine"]
    return [
        ("/api/v1/matters", "", "matters"), ("/api/v1/matters", f"?enterprise={enterprise}", "matters"),
        ("/api/v1/deadlines", "", "deadlines"), ("/api/v1/deadlines", "?state=overdue", "deadlines"),
        ("/api/v1/alerts", "?limit=200", "alerts"), ("/api/v1/rates", "", "rates"),
        ("/api/v1/roster", f"?enterprise={enterprise}", "assignments"),
        ("/api/v1/articles", "", "articles"), ("/api/v1/journal", "?limit=200", "records"),
        ("/api/v1/ledger", f"?fine={fine}", "entries"), ("/api/v1/ledger", "", "balances"),
        ("/api/v1/ledger/statement", f"?person={LEADER}", "fines"), ("/api/v1/dlq", "", "letters"),
    ]  # fmt: skip


def test_every_list_has_rows_and_keeps_to_its_schema(town, known):
    for path, query, name in lists(town, known):
        value = get(town, path, query)
        assert value[name], path
        check(value, path)


def test_titles_follow_the_language_that_is_asked_for(town):
    def titles(path, name, *headers):
        status, body = town.daemon.api.request("GET", path, headers=dict(headers))
        assert status == 200
        return json.loads(body)[name]

    chinese = titles("/api/v1/articles", "articles", ("accept-language", "zh-CN"))
    english = titles("/api/v1/articles", "articles", ("accept-language", "en"))
    assert [one["article"] for one in chinese] == sorted(one["article"] for one in english)
    assert CHINESE.search(chinese[0]["rules"][0]["title"]) and not CHINESE.search(english[0]["rules"][0]["title"])
    assert titles("/api/v1/articles", "articles") == chinese, "as the installation speaks"


def test_single_records_keep_to_their_schemas(town, known):
    for path in ("/healthz", "/readyz", "/api/v1/status"):
        check(get(town, path), path)
    for name in ("late", "running", "case"):
        check(get(town, f"/api/v1/matters/{known[name]}"), "/api/v1/matters/{type}/{number}")
    check(get(town, f"/api/v1/matters/fine/{known['fine']}"), "/api/v1/matters/{type}/{number}")
    number = get(town, "/api/v1/dlq")["letters"][0]["number"]
    check(get(town, f"/api/v1/dlq/{number}"), "/api/v1/dlq/{number}")


def test_refusals_keep_to_their_schema(town):
    for path, query, status in [
        ("/api/v1/matters", "?limit=0", 400), ("/api/v1/ledger", "?from=soon", 400),
        ("/api/v1/ledger/statement", "", 400), ("/api/v1/deadlines", "?day=tomorrow", 400),
    ]:  # fmt: skip
        found, body = town.daemon.api.request("GET", path + query)
        assert found == status
        check(json.loads(body), path, status=status)
    status, answer = town.daemon.post(b"{}", content_type="application/cloudevents+json")
    assert status == 400
    check(answer, "/api/v1/events", "post", 400)
    found, body = town.daemon.api.request("POST", "/api/v1/repolicy", b"{}")
    assert found == 200
    check(json.loads(body), "/api/v1/repolicy", "post")


def test_events_are_accepted_as_described(town, known):
    complaint = events.filed(events.number("CP"), known["enterprise"], events.now())
    status, answer = town.daemon.post(json.dumps(complaint).encode(), content_type="application/cloudevents+json")
    assert status == 202
    check(answer, "/api/v1/events", "post", 202)


def test_what_supervisors_do_is_as_described(town, known):
    path = "/api/v1/silences"
    order = {"scope": {"matter": known["running"]}, "minutes": 1, "reason": "演练期间不打扰"}
    status, body = town.daemon.api.request("POST", path, json.dumps(order).encode())
    assert status == 202, body
    receipt = json.loads(body)
    check(receipt, path, "post", 202)
    eventually(lambda: get(town, path)["silences"], what="the silence")
    check(get(town, path), path)
    ended = f"{path}/{receipt['silenceId']}"
    status, body = town.daemon.api.request("DELETE", ended, json.dumps({"reason": "演练结束"}).encode())
    assert status == 202, body
    check(json.loads(body), path + "/{id}", "delete", 202)
    status, body = town.daemon.api.request("POST", f"/api/v1/matters/{known['late']}/escalate", b"{}")
    assert status == 400
    check(json.loads(body), "/api/v1/matters/{type}/{number}/escalate", "post", 400)


def test_a_schema_that_is_wrong_would_be_found(town, known):
    value = get(town, "/api/v1/status")
    with pytest.raises(AssertionError):
        check(value | {"surprise": 1}, "/api/v1/status")
    with pytest.raises(AssertionError):
        check({name: one for name, one in value.items() if name != "facts"}, "/api/v1/status")


# The same numbers everywhere


def test_the_lists_agree_with_the_matters(town, known):
    overdue = get(town, "/api/v1/deadlines", "?state=overdue&limit=200")["deadlines"]
    row = next(one for one in overdue if one["id"] == known["late"])
    obligation = town.daemon.obligation(known["late"])
    clock = next(one for one in row["clocks"] if one["ruleId"] == "A22.response")
    assert clock["dueAt"] == obligation["dueAt"] and clock["state"] == "overdue" and clock["leftSeconds"] < 0
    assert row["ownerRefs"] and set(row["ownerRefs"]) <= {STAFF, BACKUP}
    roster = get(town, "/api/v1/roster", f"?person={BACKUP}")["assignments"]
    assert {one["personRef"] for one in roster} == {BACKUP}
    assert known["enterprise"] in {one["enterpriseId"] for one in roster}
    mine = get(town, "/api/v1/matters", f"?person={BACKUP}&state=overdue")["matters"]
    assert known["late"] in {one["id"] for one in mine}


def test_no_list_has_a_name(town, known):
    for path, query, _ in lists(town, known):
        text = json.dumps(get(town, path, query), ensure_ascii=False)
        assert not [name for name, _ in PEOPLE.values() if name in text], path


def test_the_document_is_served(town):
    status, body = town.daemon.api.request("GET", "/openapi.yaml")
    assert status == 200
    assert body.decode() == (PROJECT / "docs" / "openapi.yaml").read_text(encoding="utf-8")


def test_the_stream_says_that_something_is_new(town, known):
    connection = http.client.HTTPConnection("127.0.0.1", town.installation.port, timeout=60)
    connection.request("GET", "/api/v1/stream")
    answer = connection.getresponse()
    assert answer.status == 200 and answer.getheader("content-type") == "text/event-stream"
    while answer.readline().strip() != b"event: hello":
        pass
    town.complain(known["enterprise"], events.now())
    while answer.readline().strip() != b"event: change":
        pass
    connection.close()
