"""Bad input never stops the good."""

import json
import time
import unicodedata
from urllib.parse import quote

import pytest

from support import events
from support.kafka import STRUCTURED, Reader
from support.waiting import eventually


def without(event: dict, field: str) -> dict:
    return event | {"data": {name: value for name, value in event["data"].items() if name != field}}


def encoded(event: dict) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def bad_records(enterprise: str) -> dict[str, tuple]:
    """By the reason that is expected: value and headers."""
    odd = [("trace", b"\x00\xff\x80"), ("trace", b"second of the same name"), ("empty", b"")]
    now = events.now()
    fine = events.fine_issued("FN-bad", enterprise, 12.5, now)
    return {
        "tombstone": (None, [("ce_type", b"park.complaint.filed.v1"), ("ce_id", b"t-1"), *odd]),
        "notJSON": (b"\x00\x01\xfe\xff garbage {", [*STRUCTURED, *odd]),
        "tooLarge": (b"x" * 1_000_000, [*STRUCTURED, *odd]),
        "notCloudEvent": (b'{"complaintId":"CP-1","enterpriseId":"E-1"}', odd),
        "missingField": (encoded(without(events.filed("CP-bad", enterprise, now), "filedAt")), STRUCTURED),
        "badAmount": (encoded(fine), STRUCTURED),
    }


def reason(letter) -> str:
    return dict(letter.headers())["dlq-reason"].decode().split(":")[0]


@pytest.fixture
def letters(own_town):
    reader = Reader(own_town.installation.bootstrap, own_town.topics.dead_letters)
    yield reader
    reader.close()


@pytest.fixture
def strewn(own_town):
    """Good, bad and good again in one partition; the town, its bad records and its good matters."""
    town = own_town
    enterprise = town.enterprise()
    town.daemon.wait_for_matter(f"enterprise/{enterprise}")
    before, after = events.number("CP"), events.number("CP")
    bad = bad_records(enterprise)
    intake, key = town.topics.intake, enterprise.encode()
    town.kafka.raw(intake, encoded(events.filed(before, enterprise, events.now())), key, STRUCTURED)
    for value, headers in bad.values():
        town.kafka.raw(intake, value, key, headers)
    unknown = events.event("weather.changed", "weather/1", {"enterpriseId": enterprise}, events.now())
    town.kafka.raw(intake, encoded(unknown), key, STRUCTURED)
    town.kafka.raw(intake, encoded(events.filed(after, enterprise, events.now())), key, STRUCTURED)
    for complaint in (before, after):
        town.daemon.wait_for_state(f"complaint/{complaint}", "open")
    return town, bad


def test_e28_bad_records_are_put_aside_unchanged_and_the_partition_moves_on(strewn, letters):
    town, bad = strewn
    letters.until(lambda records: {reason(one) for one in records} == bad.keys())
    put_aside = letters.rest()
    assert len(put_aside) == len(bad)
    by_reason = {}
    for letter in put_aside:
        headers = letter.headers()
        added = {name: value.decode() for name, value in headers if name.startswith("dlq-")}
        assert added.keys() == {"dlq-reason", "dlq-topic", "dlq-partition", "dlq-offset", "dlq-time"}
        assert added["dlq-topic"] == town.topics.intake
        assert added["dlq-partition"] == "0"
        assert int(added["dlq-offset"]) >= 0
        assert abs(events.moment(added["dlq-time"]).timestamp() - time.time()) < 60
        original = [(name, value) for name, value in headers if not name.startswith("dlq-")]
        by_reason[reason(letter)] = (letter.value(), original)
    assert by_reason == {reason: (value, list(headers)) for reason, (value, headers) in bad.items()}

    logged = town.daemon.logged("event.rejected")
    assert len(logged) == len(bad), "one line each"
    assert {line["error.type"] for line in logged} == bad.keys()
    assert town.daemon.metric("events_total", result="rejected") == len(bad)


def test_e28_unknown_type_is_only_counted(strewn):
    town, bad = strewn
    eventually(lambda: town.daemon.metric("events_total", result="skipped") == 1)
    reasons = {one["reason"] for one in town.daemon.api.get("/api/v1/dlq")["letters"]}
    assert reasons == bad.keys()


def test_what_is_wrong_is_said_in_the_language_of_the_reader(strewn):
    town, _ = strewn
    chinese, english = (town.daemon.command("dlq", "list", "--locale", one).stdout for one in ("zh-CN", "en"))
    assert "data.filedAt 没有给出" in chinese and "is missing" not in chinese
    assert "data.filedAt is missing" in english
    pages = {
        language: town.daemon.api.request("GET", "/system", headers={"accept-language": language})[1].decode()
        for language in ("zh-CN", "en")
    }
    assert "缺少字段" in pages["zh-CN"] and "data.filedAt 没有给出" in pages["zh-CN"]
    assert "is missing" not in pages["zh-CN"] and "data.filedAt is missing" in pages["en"]
    refused = town.daemon.command("dlq", "show", 999_999).stderr
    assert refused.startswith("没有找到。")
    assert town.daemon.command("dlq", "show", 999_999, "--locale", "en").stderr.startswith("no dead letter")


def test_an_id_in_another_form_of_unicode_is_a_dead_letter(own_town):
    """To a program such ids are the same, to a database they are two."""
    town = own_town
    enterprise = town.enterprise()
    name = "É-" + events.number("CP")
    for form in ("NFC", "NFD"):
        number = unicodedata.normalize(form, name)
        town.send(events.filed(number, enterprise, events.now()) | {"id": f"filed-{number}"})
    town.daemon.wait_for_state(f"complaint/{quote(name)}", "open")
    (letter,) = eventually(lambda: town.daemon.api.get("/api/v1/dlq")["letters"])
    assert letter["reason"] == "notCloudEvent" and "NFC" in letter["detail"]
    town.send(events.filed(unicodedata.normalize("NFD", name), enterprise, events.now()))
    letters = eventually(lambda: len(found := town.daemon.api.get("/api/v1/dlq")["letters"]) == 2 and found)
    assert "data.complaintId" in letters[1]["detail"]
    assert [row["id"] for row in town.daemon.api.get("/api/v1/matters?type=complaint")["matters"]] == [f"complaint/{name}"]


def test_operator_looks_retries_and_discards(strewn, letters):
    town, bad = strewn
    listing = town.daemon.command("dlq", "list")
    assert listing.returncode == 0
    assert all(one in listing.stdout for one in bad)
    numbers = {one["reason"]: one["number"] for one in town.daemon.api.get("/api/v1/dlq")["letters"]}

    shown = town.daemon.command("dlq", "show", numbers["missingField"])
    assert shown.returncode == 0
    assert "filedAt" in shown.stdout and "CP-bad" in shown.stdout and "content-type" in shown.stdout

    discarded = town.daemon.command("dlq", "discard", numbers["notJSON"], "--reason", "测试数据", "--by", "P-9001")
    assert discarded.returncode == 0
    assert town.daemon.api.get(f"/api/v1/dlq/{numbers['notJSON']}")["state"] == "discarded"

    put_aside = eventually(lambda: town.daemon.logged("deadLetter.discarded"))[0]
    assert put_aside["duty.by"] == "P-9001" and "duty.reason" not in put_aside, "which somebody typed"

    assert town.daemon.command("dlq", "retry", numbers["badAmount"]).returncode == 64, "without a reason"
    retried = town.daemon.command("dlq", "retry", numbers["badAmount"], "--reason", "再试一次")
    assert retried.returncode == 0, retried.stderr
    assert town.daemon.api.get(f"/api/v1/dlq/{numbers['badAmount']}")["state"] == "retried"
    # It is as bad as before, and comes back as a letter of its own.
    letters.until(lambda records: [reason(one) for one in records].count("badAmount") == 2)

    missing = town.daemon.command("dlq", "show", 999_999)
    assert missing.returncode == 65
    assert "999999" in missing.stderr.replace(",", "").replace(" ", "")


def test_commands_say_when_nobody_is_there(own_town):
    own_town.daemon.stop()
    result = own_town.daemon.command("dlq", "list")
    assert result.returncode == 69
    assert own_town.installation.url in result.stderr


def test_a_number_that_a_database_would_cut_off_stops_nothing(own_town):
    """U+0000 ends a text for SQLite, so that one such event once held up all that came after it."""
    town = own_town
    enterprise = town.enterprise()
    complaint, matter = town.complain(enterprise, events.now())
    town.daemon.wait_for_state(matter, "open")
    town.send(events.filed(f"{complaint}\0x", enterprise, events.now()))
    later, next_matter = town.complain(enterprise, events.now())
    town.daemon.wait_for_state(next_matter, "open")
    [letter] = eventually(lambda: town.daemon.api.get("/api/v1/dlq")["letters"])
    assert letter["reason"] == "illTypedField" and "data.complaintId" in letter["detail"]
    assert not town.daemon.logged(message="commit failed, reading again from the stored offsets")
    assert town.daemon.api.status(f"/api/v1/matters/{matter}%00") == 404
