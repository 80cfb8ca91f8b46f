"""A wrong configuration is told whole, file and line, before anything starts."""

import os
import re
import subprocess

import pytest

from support import events
from support.daemon import PROGRAM, run
from support.installation import CONFIG
from support.waiting import eventually


@pytest.fixture
def prepared(broker, build):
    return build(broker.bootstrap)


def spoil(file, old, new) -> int:
    """Replaces the one place and returns its line."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


CHINESE = re.compile("[\u4e00-\u9fff]")


def places(said: str) -> set:
    """File and line of each problem."""
    found = set()
    for line in said.strip().splitlines():
        parts = re.fullmatch(r"(.+?):(\d+): (.+)", line)
        assert parts, f"not file:line: message: {line}"
        found.add((parts[1], int(parts[2])))
    return found


def test_a_file_that_cannot_be_read_is_said_in_the_language_of_the_environment(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("kafka: [", encoding="utf-8")
    for file in (broken, tmp_path / "nowhere.yaml"):
        chinese = run("check", "--config", file)
        english = run("check", "--config", file, DUTYCLOCK_LOCALE="en")
        assert chinese.returncode == english.returncode == 78
        assert CHINESE.search(chinese.stderr) and not CHINESE.search(english.stderr)
    # Of a command that is asked in a language, the answer comes in that.
    asked = run("explain", "-", "--config", broken, "--locale", "en", stdin="")
    assert asked.returncode == 78 and asked.stderr == run("check", "--config", broken, DUTYCLOCK_LOCALE="en").stderr


def test_good_configuration(prepared):
    result = run("check", "--config", prepared.installation.file)
    assert (result.returncode, result.stderr) == (0, "")


def test_shipped_configuration():
    result = run("check", "--config", CONFIG / "dutyclock.yaml")
    assert (result.returncode, result.stderr) == (0, "")


def test_several_mistakes_in_several_files(prepared, tmp_path):
    installation = prepared.installation
    policy = tmp_path / "policy.yaml"
    policy.write_text(installation.settings["policy"].read_text(encoding="utf-8"), encoding="utf-8")
    installation.write(policy=policy)
    directory = installation.folder / "directory.yaml"
    expected = {
        (installation.file, spoil(installation.file, "  level: info", "  level: loud")),
        (installation.file, spoil(installation.file, "  mail: [hook]", "  mail: [hok]")),
        (installation.file, spoil(installation.file, "  open: true", "  opne: true")),
        (directory, spoil(directory, "roles: [park.leader]", "roles: [park.leadre]")),
        (policy, spoil(policy, "a22.share.ratio: 1/2", "a22.share.ratio: 3/2")),
        (policy, spoil(policy, "code: N26", "code: N69")),
    }
    checked = run("check", "--config", installation.file)
    assert checked.returncode == 78
    lines = checked.stderr.strip().splitlines()
    assert places(checked.stderr) == {(str(file), line) for file, line in expected}
    assert all(CHINESE.search(line) for line in lines)
    assert any("是不是“" in line for line in lines) and "did you mean" not in checked.stderr
    # The language is the installation's, which the environment may replace like any key.
    english = run("check", "--config", installation.file, DUTYCLOCK_LOCALE="en")
    assert english.returncode == 78 and "did you mean" in english.stderr and not CHINESE.search(english.stderr)
    assert places(english.stderr) == places(checked.stderr)
    installation.file.write_text(installation.file.read_text(encoding="utf-8") + "\nlocale: en\n", encoding="utf-8")
    assert run("check", "--config", installation.file).stderr == english.stderr
    installation.file.write_text(
        installation.file.read_text(encoding="utf-8").removesuffix("\nlocale: en\n"), encoding="utf-8"
    )

    served = run("serve", "--config", installation.file, timeout=20)
    assert served.returncode == 78
    assert served.stderr == checked.stderr, "both say the same"
    assert not installation.database.exists(), "nothing was started"


def test_missing_files(prepared):
    installation = prepared.installation
    (installation.folder / "directory.yaml").unlink()
    result = run("check", "--config", installation.file)
    assert result.returncode == 78
    assert "directory.yaml" in result.stderr
    assert run("serve", "--config", installation.folder / "nowhere.yaml").returncode == 78


def test_secret_in_the_file_is_refused_and_not_repeated(prepared):
    installation = prepared.installation
    spoil(installation.file, "{ env: HOOK_SECRET }", '"whsec_c2VjcmV0c2VjcmV0"')
    result = run("check", "--config", installation.file)
    assert result.returncode == 78
    assert "whsec_c2VjcmV0" not in result.stderr


def test_secret_that_is_not_set(prepared):
    environment = {name: value for name, value in os.environ.items() if name != "HOOK_SECRET"}
    result = subprocess.run(
        [PROGRAM, "check", "--config", prepared.installation.file], capture_output=True, text=True, env=environment
    )
    assert result.returncode == 78
    assert "HOOK_SECRET" in result.stderr


def test_open_interface_is_for_loopback_only(prepared):
    installation = prepared.installation
    line = spoil(installation.file, f"listen: 127.0.0.1:{installation.port}", "listen: 0.0.0.0:0")
    result = run("check", "--config", installation.file)
    assert result.returncode == 78
    assert f"dutyclock.yaml:{line + 1}: " in result.stderr


def test_environment_replaces_any_key(prepared):
    result = run("check", "--config", prepared.installation.file, DUTYCLOCK_LOG_LEVEL="loud")
    assert result.returncode == 78
    assert "DUTYCLOCK_LOG_LEVEL" in result.stderr
    result = run("check", "--config", prepared.installation.file, DUTYCLOCK_LOG_LEVL="info")
    assert result.returncode == 78
    assert "DUTYCLOCK_LOG_LEVL" in result.stderr
    assert run("check", "--config", prepared.installation.file, DUTYCLOCK_LOG_LEVEL="warn").returncode == 0


def test_broken_template(prepared, tmp_path):
    import shutil

    installation = prepared.installation
    templates = tmp_path / "templates"
    shutil.copytree(CONFIG / "templates" / "zh-CN", templates)
    (templates / "N13.mustache").write_text("已超时\n{{#overdue}}没有结尾", encoding="utf-8")
    spoil(installation.file, f"templates: {CONFIG}/templates/zh-CN", f"templates: {templates}")
    result = run("check", "--config", installation.file)
    assert result.returncode == 78
    assert "N13.mustache" in result.stderr


def test_usage_errors():
    assert run("serve", "--no-such-option").returncode == 64
    unknown = run("no-such-command")
    assert unknown.returncode == 64 and unknown.stderr.startswith("命令行有误:")
    assert run("no-such-command", DUTYCLOCK_LOCALE="en").stderr.startswith("Error: ")
    assert run("--help").returncode == 0
    assert run("--version").stdout.strip()


def test_properties_are_looked_at_before_the_start(prepared):
    installation = prepared.installation
    installation.write(properties="fetch.wait.max.ms: soon\nbatch.sise: 3\nsasl.mechanism: PLAIN")
    place = {
        word: f"{installation.file}:{number}: kafka.properties.{word}: "
        for number, line in enumerate(installation.file.read_text(encoding="utf-8").splitlines(), 1)
        if (word := line.strip().split(":")[0]) in ("fetch.wait.max.ms", "batch.sise")
    }
    for command in ("check", "serve"):
        result = run(command, "--config", installation.file)
        assert result.returncode == 78
        lines = result.stderr.splitlines()
        assert [line.startswith(place["batch.sise"]) for line in lines] == [True, False], "both, and with their places"
        assert lines[1].startswith(place["fetch.wait.max.ms"])


def test_a_topic_that_is_read_is_not_written(prepared):
    """A dead letter on the intake topic would be a dead letter again, for ever."""
    installation = prepared.installation
    line = spoil(installation.file, f"deadLetters: {installation.topics.dead_letters}", f"deadLetters: {installation.topics.intake}")
    result = run("serve", "--config", installation.file)
    assert result.returncode == 78
    assert f"dutyclock.yaml:{line}: kafka.topics.deadLetters: " in result.stderr


def test_a_folder_of_templates_that_is_not_there_is_said_once(prepared):
    installation = prepared.installation
    spoil(installation.file, f"templates: {CONFIG}/templates/zh-CN", "templates: nowhere")
    result = run("check", "--config", installation.file)
    assert result.returncode == 78
    assert len(result.stderr.splitlines()) == 1, result.stderr


def without_secret(*words, **environment):
    """As a person on the machine, to whom systemd hands nothing."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("HOOK_SECRET", "CREDENTIALS_DIRECTORY")}
    return subprocess.run(
        [PROGRAM, *map(str, words)], capture_output=True, text=True, env=inherited | environment, input="", timeout=60
    )


@pytest.mark.parametrize("form", ["{ credential: hook }", "{ env: HOOK_SECRET }", "{ file: hook.txt }"])
def test_who_sends_nothing_needs_no_secret(prepared, form):
    installation = prepared.installation
    prepared.daemon.start()
    spoil(installation.file, "{ env: HOOK_SECRET }", form)
    for words in (["audit", "verify"], ["explain", "-"], ["replay", "-"], ["publish", "-"]):
        result = without_secret(*words, "--config", installation.file)
        assert result.returncode == 0, f"{words}: {result.stderr}"
    prepared.daemon.stop()
    result = without_secret("repolicy", "--offline", "--config", installation.file)
    assert result.returncode == 0, result.stderr
    assert without_secret("serve", "--config", installation.file).returncode == 78, "who sends with it needs it"


def test_check_takes_note_of_credentials_that_only_the_service_gets(prepared):
    installation = prepared.installation
    line = spoil(installation.file, "{ env: HOOK_SECRET }", "{ credential: hook }")
    result = without_secret("check", "--config", installation.file)
    assert result.returncode == 0, result.stderr
    assert f"dutyclock.yaml:{line}: 注意 note: channels.hook.secret.credential: " in result.stdout
    # Where there are credentials, each has to be there.
    result = without_secret("check", "--config", installation.file, CREDENTIALS_DIRECTORY=str(installation.folder))
    assert result.returncode == 78
    assert "hook" in result.stderr


def test_publish_needs_the_secrets_of_kafka(prepared):
    installation = prepared.installation
    installation.write(properties="sasl.password: { credential: kafka }")
    result = without_secret("publish", "-", "--config", installation.file)
    assert result.returncode == 78
    assert "kafka.properties.sasl.password" in result.stderr and "HOOK_SECRET" not in result.stderr


def test_a_vacant_post_stops_nothing(prepared):
    """A leader moves on; the half hour of everybody else must be watched meanwhile."""
    installation = prepared.installation
    directory = installation.folder / "directory.yaml"
    for role in ("county.four", "county.secretary"):
        spoil(directory, f"roles: [{role}]", "roles: []")
    checked = run("check", "--config", installation.file)
    assert checked.returncode == 0, checked.stderr
    assert "注意 note: A24.meeting: 没有人承担" in checked.stdout
    assert re.search(r"policy.*\.yaml:\d+: 注意 note: 升级方案 a25-penalty 的 \S+ 一步: 通知不到任何人", checked.stdout)
    english = run("check", "--config", installation.file, DUTYCLOCK_LOCALE="en").stdout
    assert "注意 note: A24.meeting is owed by nobody" in english
    assert re.search(r"policy.*\.yaml:\d+: 注意 note: step \S+ of a25-penalty reaches nobody", english)
    prepared.daemon.start()
    [line] = [one for one in prepared.daemon.lines() if one["message"].startswith("nobody holds posts")]
    assert line["log.level"] == "warn"
    assert any("county.four" in subject for subject in line["duty.subjects"])
    _, matter = prepared.complain(prepared.enterprise(), events.now())
    prepared.daemon.wait_for_state(matter, "open")
    # A reload is not refused either.
    prepared.daemon.reload()
    eventually(lambda: prepared.daemon.logged("service.reloaded"))
