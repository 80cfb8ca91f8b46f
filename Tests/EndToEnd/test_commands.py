"""What the commands take from their surroundings, and what they say."""

import json
import re
import time

import pytest

from support import events, logs
from support.daemon import run
from support.installation import CONFIG, PEOPLE
from support.kafka import Reader
from support.waiting import eventually


def write(file, lines):
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), encoding="utf-8")
    return file


# DUTYCLOCK_CONFIG


@pytest.mark.parametrize("words", [["check"], ["explain", "-"], ["publish", "-"], ["audit", "verify"]])
def test_the_environment_names_the_configuration(town, tmp_path, words):
    named = run(*words, stdin="", DUTYCLOCK_CONFIG=str(town.installation.file))
    assert named.returncode == 0, named.stderr
    missing = run(*words, stdin="", DUTYCLOCK_CONFIG=str(tmp_path / "elsewhere.yaml"))
    assert missing.returncode == 78
    assert "elsewhere.yaml" in missing.stderr


def test_an_option_counts_more_than_the_environment(town):
    result = run("check", "--config", town.installation.file, DUTYCLOCK_CONFIG="nowhere.yaml")
    assert result.returncode == 0, result.stderr


def test_the_daemon_reads_it_from_the_environment(prepared):
    installation = prepared.installation
    prepared.daemon.start()
    second = run("serve", DUTYCLOCK_CONFIG=str(installation.file))
    assert second.returncode == 69, "the store of that very configuration is taken"
    assert str(installation.database) in second.stderr


@pytest.fixture
def prepared(broker, build):
    return build(broker.bootstrap)


# publish


def unkeyed(event: dict) -> dict:
    return {name: value for name, value in event.items() if name != "partitionkey"}


def test_publish_and_http_give_an_event_the_same_key(own_town, tmp_path):
    town = own_town
    name = events.number("E")
    sent = [unkeyed(one) for one in (events.assigned(name, events.STAFF, "park.staff"), events.registered(name))]
    result = run("publish", write(tmp_path / "events.jsonl", sent), "--config", town.installation.file)
    assert result.returncode == 0, result.stderr
    status, answer = town.daemon.post(
        json.dumps([one | {"id": events.identifier()} for one in sent]).encode(),
        content_type="application/cloudevents-batch+json",
    )
    assert status == 202, answer
    reader = Reader(town.installation.bootstrap, town.topics.intake)
    records = reader.until(lambda found: len(found) >= 4)
    reader.close()
    assert [record.key() for record in records] == [name.encode()] * 4


def test_publish_unchecked_finds_a_key_where_there_is_one(own_town, tmp_path):
    name = events.number("E")
    bad = unkeyed(events.filed(events.number("CP"), name, events.now(), filedAt="soon"))
    file = write(tmp_path / "events.jsonl", [bad, {"specversion": "1.0", "id": "x", "data": {}}])
    result = run("publish", file, "--unchecked", "--config", own_town.installation.file)
    assert result.returncode == 0, result.stderr
    reader = Reader(own_town.installation.bootstrap, own_town.topics.intake)
    records = reader.until(lambda found: len(found) >= 2)
    reader.close()
    assert {record.key() for record in records} == {name.encode(), None}


def test_publish_says_where_the_embedded_broker_is(build, tmp_path):
    town = build("embedded", create_topics=False)
    town.daemon.start()
    name, introduction = events.enterprise()
    file = write(tmp_path / "events.jsonl", introduction)
    began = time.monotonic()
    result = run("publish", file, "--config", town.installation.file)
    assert time.monotonic() - began < 5, "it is said at once"
    assert result.returncode == 69
    assert "server.address" in result.stderr and "/api/v1/events" in result.stderr

    address = next(line["server.address"] for line in town.daemon.lines() if "server.address" in line)
    result = run("publish", file, "--bootstrap-servers", address, "--topic", town.topics.intake)
    assert result.returncode == 0, result.stderr
    town.daemon.wait_for_matter(f"enterprise/{name}")


# explain


RAW = re.compile("|".join(rf"(?<![\w.]){re.escape(action)}\b" for action in sorted(logs.ACTIONS)))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", ["临近到期", "逾期", "分担入账", "期限撤回", "计时取消,企业已撤回", "迟 "]),
        ("en", ["due soon", "overdue", "share posted", "deadline withdrawn", "withdrawn by the enterprise", "late by"]),
    ],
)
def test_explain_has_words_for_everything_in_a_day(locale, words):
    day = [json.loads(line) for line in (CONFIG / "examples" / "day.jsonl").read_text().splitlines() if valid(line)]
    result = run(
        "explain", "-", "--config", CONFIG / "dutyclock.yaml", DUTYCLOCK_LOCALE=locale,
        stdin="\n".join(json.dumps(one, ensure_ascii=False) for one in day),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    raw = [line for line in result.stdout.splitlines() if RAW.search(line)]
    assert not raw, raw[:5]
    for word in words:
        assert word in result.stdout, word


def valid(line: str) -> bool:
    """Without the three lines of the day that are meant to be refused."""
    try:
        event = json.loads(line)
    except ValueError:
        return False
    kind = event.get("type", "")
    return kind.startswith("park.") and "weather" not in kind and ("complaint.filed" not in kind or "filedAt" in event["data"])


# The console channel


@pytest.mark.parametrize("form", ["json", "text"])
def test_console_channel_keeps_out_of_a_log_for_programs(prepared, form):
    """In JSON, every line of standard output is an object, and messages are on standard error."""
    file = prepared.installation.file
    main = file.read_text(encoding="utf-8")
    main = re.sub(r"^  hook: .*$", "  hook: { type: console }", main, flags=re.MULTILINE)
    file.write_text(main.replace("  level: info", f"  level: info\n  format: {form}"), encoding="utf-8")
    if form == "text":
        check_text(prepared)
        return
    prepared.daemon.start()
    _, matter = prepared.complain(prepared.enterprise(), events.now())
    run_file = prepared.daemon.runs[-1]
    eventually(lambda: "[N10]" in run_file.with_suffix(".stderr").read_text(encoding="utf-8"))
    assert PEOPLE[events.STAFF][0] in run_file.with_suffix(".stderr").read_text(encoding="utf-8")
    prepared.daemon.wait_for_state(matter, "open")
    prepared.daemon.stop()
    assert not logs.problems(run_file)


def check_text(town):
    town.daemon.spawn()
    eventually(lambda: town.daemon.api.status("/readyz") == 200, 20)
    town.complain(town.enterprise(), events.now())
    run_file = town.daemon.runs.pop()
    eventually(lambda: "[N10]" in run_file.read_text(encoding="utf-8"))
    assert "[N10]" not in run_file.with_suffix(".stderr").read_text(encoding="utf-8")
