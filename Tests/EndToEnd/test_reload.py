"""SIGHUP: a valid change is taken, a bad one changes nothing, and no clock stops."""

from support import events
from support.events import LEADER, SOON, STAFF
from support.installation import POLICY, POLICY_VERSION
from support.waiting import eventually


def new_policy(town, tmp_path, version, **replaced):
    """A copy of the policy under another version."""
    text = POLICY.read_text(encoding="utf-8").replace(f"version: {POLICY_VERSION}", f"version: {version}")
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / f"policy-{version}.yaml"
    file.write_text(text, encoding="utf-8")
    town.installation.write(policy=file)


def reloads(town, action) -> int:
    return len(town.daemon.logged(action))


def test_valid_change_is_applied_and_running_matters_keep_their_rules(own_town, tmp_path):
    town = own_town
    enterprise = town.enterprise()
    _, old = town.complain(enterprise, events.due_in(SOON))
    town.daemon.wait_for_state(old, "open")

    # The new version gives a quarter of an hour more.
    new_policy(town, tmp_path, "2026-1.0", clock=("within: { minutes: 30,", "within: { minutes: 45,"))
    town.daemon.reload()
    eventually(lambda: reloads(town, "service.reloaded") == 1)
    assert town.daemon.metric("config_reload_success") == 1

    filed = events.now()
    _, new = town.complain(enterprise, filed)
    town.daemon.wait_for_state(new, "open")
    assert town.daemon.matter(new)["policyVersion"].startswith("2026-1.0")
    due = events.moment(town.daemon.obligation(new)["dueAt"])
    assert 44 * 60 < (due - filed).total_seconds() <= 45 * 60
    # The clock that ran before goes on as it was.
    assert town.daemon.matter(old)["policyVersion"].startswith(POLICY_VERSION)
    town.receiver.wait_for(old, "N13", [STAFF, LEADER, "@group"])


def test_invalid_change_is_refused_and_everything_goes_on(own_town):
    town = own_town
    enterprise = town.enterprise()
    _, running = town.complain(enterprise, events.due_in(SOON))
    town.daemon.wait_for_state(running, "open")
    good = town.installation.file.read_text()
    town.installation.file.write_text(good.replace("level: info", "level: loud").replace("open: true", "opne: true"))

    town.daemon.reload()
    eventually(lambda: reloads(town, "service.reloadRejected") == 1)
    assert town.daemon.metric("config_reload_success") == 0
    line = town.daemon.logged("service.reloadRejected")[0]
    assert line["log.level"] in ("warn", "error")
    assert "loud" in str(line) and "opne" in str(line), "every mistake is named"
    _, meanwhile = town.complain(enterprise, events.now())
    town.receiver.wait_for(meanwhile, "N10", [STAFF, "@group"])
    town.receiver.wait_for(running, "N13", [STAFF, LEADER, "@group"])

    town.installation.file.write_text(good)
    town.daemon.reload()
    eventually(lambda: reloads(town, "service.reloaded") == 1)
    assert town.daemon.metric("config_reload_success") == 1


def test_change_that_needs_a_restart_is_refused_by_its_name_and_nothing_of_it_counts(own_town):
    town = own_town
    good = town.installation.file.read_text()
    changed = good
    for old, new in [
        ("timeout: 10s", "timeout: 7s"), ("open: true", "open: false"), ("level: info", "level: error"),
        (f"group.id: {town.installation.group}", "group.id: another"), ("sqlite:dutyclock.db", "sqlite:other.db"),
        ("channels:\n", "channels:\n  more: { type: console }\n"),
    ]:  # fmt: skip
        assert old in changed
        changed = changed.replace(old, new)
    town.installation.file.write_text(changed)
    town.daemon.reload()
    (line,) = eventually(lambda: town.daemon.logged("service.reloadRejected"))
    for key in ("kafka.properties.group.id", "store.url", "channels.hook.timeout", "channels.more", "http.open"):
        assert key in str(line["error.message"]), key
    assert town.daemon.metric("config_reload_success") == 0

    # The level was one that a reload could have taken, but a configuration counts whole or not at all.
    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    eventually(lambda: town.daemon.logged("deadline.started", duty__matter=matter))
    town.installation.file.write_text(good)
    town.daemon.reload()
    eventually(lambda: town.daemon.logged("service.reloaded"))


def test_changed_secret_is_refused_without_being_shown(own_town):
    town = own_town
    secret = town.installation.folder / "secret"
    secret.write_text("whsec_" + "b" * 40 + "\n")
    good = town.installation.file.read_text()
    town.installation.file.write_text(good.replace("{ env: HOOK_SECRET }", "{ file: secret }"))
    town.daemon.reload()
    (line,) = eventually(lambda: town.daemon.logged("service.reloadRejected"))
    assert "channels.hook.secret" in str(line["error.message"]) and "bbbb" not in str(line)


def test_new_people_and_log_level_count_at_once(own_town):
    town = own_town
    directory = town.installation.folder / "directory.yaml"
    text = directory.read_text(encoding="utf-8")
    # Somebody else becomes the office.
    directory.write_text(text.replace("ref: office", "ref: office-2"), encoding="utf-8")
    town.installation.file.write_text(town.installation.file.read_text().replace("level: info", "level: error"))
    town.daemon.reload()
    eventually(lambda: town.daemon.metric("config_reload_success") == 1)
    fine = events.number("FN")

    def reached():
        town.send(events.fine_issued(fine, town.enterprise(), 100, events.now()))
        return "office-2" in town.receiver.people(f"fine/{fine}", "N70")

    eventually(reached, every=0.5)
    before = len(town.daemon.lines())
    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    assert len(town.daemon.lines()) == before, "nothing below error is written any more"


def test_many_reloads_under_load(own_town):
    town = own_town
    enterprise = town.enterprise()
    sent = []
    for _ in range(20):
        sent.append(town.complain(enterprise, events.now())[1])
        town.daemon.reload()
    for matter in sent:
        town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    assert town.daemon.is_ready()
