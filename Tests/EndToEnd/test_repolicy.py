"""Moving open matters to another policy version: seen before it is done, done beside the traffic, kept in the journal."""

import json

from support import events
from support.daemon import run
from support.events import STAFF
from support.installation import POLICY, POLICY_VERSION
from support.waiting import eventually

LATER = "2026-1.0"


def change_policy(town, tmp_path):
    """The same rules with a quarter of an hour more for an answer."""
    text = POLICY.read_text(encoding="utf-8").replace(f"version: {POLICY_VERSION}", f"version: {LATER}")
    assert "within: { minutes: 30," in text
    file = tmp_path / "policy.yaml"
    file.write_text(text.replace("within: { minutes: 30,", "within: { minutes: 45,"), encoding="utf-8")
    town.installation.write(policy=file)
    town.daemon.reload()
    eventually(lambda: town.daemon.logged("service.reloaded"))


def repolicy(town, *words) -> dict:
    result = run("repolicy", "--url", f"http://127.0.0.1:{town.installation.port}", "--json", *words)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_open_matters_move_after_a_dry_run_and_the_move_outlives_a_crash(own_town, tmp_path):
    town = own_town
    enterprise = town.enterprise()
    filed = events.now()
    number, matter = town.complain(enterprise, filed)
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    change_policy(town, tmp_path)

    preview = repolicy(town, "--type", "complaint")
    assert preview["dryRun"] and preview["matters"] == 1 and preview["changed"] == 1
    (item,) = preview["list"]
    assert item["matter"] == matter and [change["change"] for change in item["changes"]] == ["dueMoved"]
    assert town.daemon.matter(matter)["policyVersion"].startswith(POLICY_VERSION)

    refused = run("repolicy", "--apply")
    assert refused.returncode == 64 and "--reason" in refused.stderr

    done = repolicy(town, "--type", "complaint", "--apply", "--reason", "县里已改文件", "--by", "P-9001")
    assert done["moved"] == 1 and done["finishedAt"]
    assert town.daemon.matter(matter)["policyVersion"].startswith(LATER)
    due = events.moment(town.daemon.obligation(matter)["dueAt"])
    assert 44 * 60 < (due - filed).total_seconds() <= 45 * 60
    (line,) = town.daemon.logged("matter.repolicied")
    assert line["duty.policy_from"].startswith(POLICY_VERSION) and line["duty.policy_to"].startswith(LATER)
    assert line["duty.by"] == "P-9001" and "duty.reason" not in line, "what somebody typed is in the journal alone"
    records = town.daemon.api.get("/api/v1/journal?limit=200")["records"]
    (move,) = [one for record in records for one in record["entries"] if one["action"] == "matter.repolicied"]
    assert move["fields"]["reason"] == "县里已改文件"
    for message in town.receiver.wait_for(matter, "N27", [STAFF, "@group"]):
        assert "适用的规则已更新" in message.data["text"]

    town.daemon.kill()
    town.daemon.start()
    assert town.daemon.api.get("/api/v1/repolicy")["moved"] == 1
    assert repolicy(town, "--type", "complaint")["matters"] == 0


def test_the_file_of_a_stopped_daemon_can_be_moved(own_town, tmp_path):
    town = own_town
    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    change_policy(town, tmp_path)
    words = ["repolicy", "--offline", "--config", town.installation.file, "--type", "complaint"]
    busy = run(*words)
    assert busy.returncode == 69, "one file serves one process"
    town.daemon.stop()
    seen = run(*words)
    assert seen.returncode == 0 and matter in seen.stdout, seen.stderr
    done = run(*words, "--apply", "--reason", "县里已改文件", "--locale", "en")
    assert done.returncode == 0 and "1 matters" in done.stdout, done.stderr
    unknown = run(*words, "--to", "1999-1")
    assert unknown.returncode == 65 and LATER in unknown.stderr
    town.daemon.start()
    assert town.daemon.matter(matter)["policyVersion"].startswith(LATER)
    town.receiver.wait_for(matter, "N27", [STAFF, "@group"])
