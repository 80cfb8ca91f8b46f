"""A wrong configuration is told whole, file and line, before anything starts."""

import os
import re
import subprocess

import pytest

from support.daemon import PROGRAM, run
from support.installation import CONFIG


@pytest.fixture
def prepared(broker, build):
    return build(broker.bootstrap)


def spoil(file, old, new) -> int:
    """Replaces the one place and returns its line."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


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
    found = set()
    for line in lines:
        parts = re.fullmatch(r"(.+?):(\d+): (.+)", line)
        assert parts, f"not file:line: message: {line}"
        found.add((parts[1], int(parts[2])))
    assert found == {(str(file), line) for file, line in expected}
    assert any("did you mean" in line for line in lines)

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
    assert run("no-such-command").returncode == 64
    assert run("--help").returncode == 0
    assert run("--version").stdout.strip()
