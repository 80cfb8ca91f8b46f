"""What the commands take from their surroundings, and what they say."""

import json
import os
import re
import socket
import subprocess
import time
from datetime import datetime, timedelta

import pytest

from support import events, logs
from support.daemon import PROGRAM, free_port, run
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


@pytest.mark.parametrize("command", ["publish", "explain"])
def test_what_is_wrong_with_an_event_is_said_with_its_place(town, tmp_path, command):
    good = events.filed(events.number("CP"), events.number("E"), events.now())
    bad = events.filed(events.number("CP"), events.number("E"), events.now(), filedAt="soon")
    lines = write(tmp_path / "lines.jsonl", [good, bad])
    lines.write_text("\n\n" + lines.read_text(encoding="utf-8"), encoding="utf-8")
    array = tmp_path / "array.json"
    array.write_text(json.dumps([bad, good]), encoding="utf-8")
    result = run(command, lines, array, "--config", town.installation.file)
    assert result.returncode == 65
    assert result.stderr.splitlines() == [
        f"{lines}:4: {bad['id']}: " + (reason := result.stderr.splitlines()[0].split(": ", 2)[2]),
        f"{array}: 第 1 个: {bad['id']}: {reason}",
    ]
    assert reason == "data.filedAt 不是带时区的 RFC 3339 时刻"
    english = run(command, array, "--config", town.installation.file, "--locale", "en")
    assert english.stderr == f"{array}: element 1: {bad['id']}: data.filedAt is no RFC 3339 time with an offset\n"


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
        ("zh-CN", ["临近到期", "逾期", "分担入账", "期限撤回", "计时取消,已撤回、取消或撤销", "迟 "]),
        ("en", ["due soon", "overdue", "share posted", "deadline withdrawn", "withdrawn, cancelled or revoked", "late by"]),
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
    told = run_file.with_suffix(".stderr")
    words = ["[N10]", PEOPLE[events.STAFF][0]]
    eventually(lambda: all(word in told.read_text(encoding="utf-8") for word in words))
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


def explained(events_, *words) -> str:
    result = run(
        "explain", "-", "--config", CONFIG / "dutyclock.yaml", *words,
        stdin="\n".join(json.dumps(one, ensure_ascii=False) for one in events_),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_explain_counts_working_days_one_by_one():
    decided = datetime.fromisoformat("2026-09-24T10:00:00+08:00")
    fine = events.fine_issued("FN-1", "E-1", 100_000, decided)
    text = explained([fine], "--locale", "en")
    assert "10 working days, not counting the first" in text
    assert "2026-09-24 Thu working day: the first day, does not count" in text
    assert "make-up working day" in text and "holiday" in text and "day 10" in text
    chinese = explained([fine])
    assert "起算日,不计" in chinese and "第 10 日" in chinese and "workingDays" not in chinese


def test_explain_says_who_is_not_told_and_why():
    name, introduction = events.enterprise()
    at = events.now()
    number = events.number("CP")
    lines = [*introduction, events.filed(number, name, at), events.responded(number, name, at + timedelta(minutes=3))]
    text = explained(lines, "--locale", "en")
    assert "runs on for 30 min" in text
    assert "so these are not told: warn15(park.staff)" in text and "escalate60(park.head)" in text
    # Standing duties of the directory were not in the input.
    assert "duty.performed" not in text and "received park.roster.assigned" in text
    assert not [line for line in text.splitlines() if "duty/" in line and "received" in line]


def test_explain_of_a_matter_of_the_daemon(town):
    enterprise = town.enterprise()
    number, matter = town.complain(enterprise, events.now())
    town.receiver.wait_for(matter, "N10", [events.STAFF, "@group"])
    words = ["--config", town.installation.file, "--url", f"http://127.0.0.1:{town.installation.port}", "--locale", "en"]
    result = run("explain", "--matter", matter, *words)
    assert result.returncode == 0, result.stderr
    assert "what follows comes if nothing else happens" in result.stdout
    assert "what has really been told" in result.stdout and "sent, by hook" in result.stdout
    assert all(matter in line for line in result.stdout.splitlines() if re.match(r"\d{4}-\d\d-\d\d \S+  \S+/", line))
    assert run("explain", "--matter", "complaint/CP-none", *words).returncode == 65
    assert run("explain", *words).returncode == 64


def test_replay_titles_are_in_the_language_of_the_page():
    text = run("replay", CONFIG / "examples" / "day.jsonl", "--config", CONFIG / "dutyclock.yaml", "--locale", "en").stdout
    rules = [line for line in text.splitlines() if line.startswith("A22.")]
    assert rules and not [line for line in rules if re.search("[\u4e00-\u9fff]", line)]


def test_replay_shows_its_progress_on_a_terminal():
    ours, theirs = os.openpty()
    words = ["replay", str(CONFIG / "examples" / "day.jsonl"), "--config", str(CONFIG / "dutyclock.yaml"), "--json"]
    process = subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stderr=theirs, timeout=60)
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert process.returncode == 0 and "policies" in json.loads(process.stdout)
    assert "replay" in shown and "█" in shown and "100%" in shown


@pytest.mark.skipif(
    "KAFKA_BOOTSTRAP_SERVERS" not in os.environ,
    reason="the stand-in broker answers wrong end offsets; set KAFKA_BOOTSTRAP_SERVERS to a cluster",
)
def test_replay_of_a_topic_comes_to_that_of_the_file(town, tmp_path):
    name, introduction = events.enterprise()
    at = events.now() - timedelta(hours=2)
    lines = [*introduction, *(events.filed(events.number("CP"), name, at) for _ in range(3))]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    topic = f"{town.topics.prefix}.replayed"
    words = ["--config", town.installation.file]
    sent = run("publish", file, "--topic", topic, *words)
    assert sent.returncode == 0, sent.stderr
    read = run("replay", "--topic", topic, "--json", *words)
    assert read.returncode == 0, read.stderr
    (of_topic,) = json.loads(read.stdout)["policies"]
    (of_file,) = json.loads(run("replay", file, "--json", *words).stdout)["policies"]
    assert of_topic["totals"]["accepted"] == len(lines)
    assert of_topic["events"] == of_file["events"] and of_topic["matters"] == of_file["matters"]


# What cannot be reached


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8080", "http://", ""])
def test_an_address_that_is_none_is_a_mistake_of_usage(url):
    result = run("status", "--url", url)
    assert result.returncode == 64
    assert "--url" in result.stderr


def test_who_is_not_there_is_said_in_words(tmp_path):
    result = run("status", "--url", f"http://127.0.0.1:{free_port()}/")
    assert result.returncode == 69
    assert result.stderr.strip().endswith(": Connection refused")
    other = tmp_path / "notes.txt"
    other.write_text("no database " * 100, encoding="utf-8")
    result = run("audit", "verify", "--database", other)
    assert result.returncode == 65
    assert result.stderr.strip() == f"{other}: 打不开:file is not a database"


def test_a_port_that_is_taken_is_said_in_words(prepared):
    with socket.create_server(("127.0.0.1", prepared.installation.port)):
        result = run("serve", "--config", prepared.installation.file)
    assert result.returncode == 69
    assert result.stderr.strip().endswith("无法监听 cannot listen: Address already in use")


@pytest.mark.parametrize("words", [["--locale", "fr"], ["--port", "99999"]])
def test_the_demo_says_what_it_does_not_have(words):
    result = run("demo", "--once", *words)
    assert result.returncode == 64
    assert "mustache" not in result.stderr


@pytest.mark.parametrize("words", [("calendar", "--year", "2026"), ("schema",), ("--help",), ("check",)])
def test_output_that_cannot_be_written_is_no_success(words):
    """A disk without room; a reader that has enough is another matter."""
    config = [] if words[0] in ("schema", "--help") else ["--config", CONFIG / "dutyclock.yaml"]
    with open("/dev/full", "w") as full:
        result = subprocess.run([PROGRAM, *words, *config], stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 70
    assert "standard output cannot be written: No space left on device" in result.stderr
    head = subprocess.run(
        ["bash", "-c", '"$@" | head -n 1; exit ${PIPESTATUS[0]}', "-", PROGRAM, *words, *config],
        capture_output=True, text=True,
    )  # fmt: skip
    assert head.returncode == 0 and head.stderr == "" and len(head.stdout.splitlines()) == 1
