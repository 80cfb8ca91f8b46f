"""What `make install` puts where, and that it works from there."""

import json
import subprocess

import pytest

from support.daemon import PROGRAM
from support.installation import CONFIG, PROJECT


def install(destination, prefix="/opt/duty"):
    result = subprocess.run(
        [PROJECT / ".ci" / "install.sh", PROGRAM, prefix, destination], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def root(tmp_path):
    install(tmp_path)
    return tmp_path


def installed(root, *words, **options):
    """The installed program, found by the path alone and with nothing else in its environment."""
    return subprocess.run(
        ["dutyclock", *words], capture_output=True, text=True, timeout=120, cwd="/",
        env={"PATH": f"{root}/opt/duty/bin:/usr/bin:/bin"}, **options,
    )  # fmt: skip


def test_everything_is_in_its_place(root):
    assert (root / "opt/duty/share/man/man1/dutyclock.1").is_file()
    unit = (root / "opt/duty/lib/systemd/system/dutyclock.service").read_text()
    assert "ExecStart=/opt/duty/bin/dutyclock serve --config /etc/dutyclock/dutyclock.yaml\n" in unit
    for file in root.rglob("*"):
        expected = 0o755 if file.is_dir() or file.parent.name == "bin" else 0o644
        assert file.stat().st_mode & 0o777 == expected, file


def test_installed_configuration_is_good(root):
    result = installed(root, "check", "--config", str(root / "etc/dutyclock/dutyclock.yaml"))
    assert result.returncode == 0, result.stderr


def test_installed_demo_finds_its_day(root):
    result = installed(root, "demo", "--once", "--json")
    assert result.returncode == 0, result.stderr
    expected = json.loads((CONFIG / "examples" / "expected.json").read_text())
    assert json.loads(result.stdout)["ledger"] == expected["ledger"]


def test_what_the_operator_has_changed_stays(root):
    directory = root / "etc/dutyclock/directory.yaml"
    directory.write_text("people: []\n")
    (root / "etc/dutyclock/calendars/cn.yaml").unlink()
    said = install(root)
    assert directory.read_text() == "people: []\n"
    assert (root / "etc/dutyclock/calendars/cn.yaml").is_file()
    kept = [line for line in said.splitlines() if line.startswith("kept ")]
    assert len(kept) == 1 and "directory.yaml" in kept[0]
