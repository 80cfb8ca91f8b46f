"""The manual page says what the program says of itself."""

import re

import pytest

from support.daemon import run
from support.installation import PROJECT

# The parser's own, the same on each command.
COMMON = {"--help", "--version"}


def manual() -> dict[str, list[str]]:
    """The lines of each section, without macros and fonts."""
    sections, lines = {}, []
    for line in (PROJECT / "docs" / "man" / "dutyclock.1").read_text(encoding="utf-8").splitlines():
        if line.startswith(".SH "):
            lines = sections.setdefault(line[4:].strip('"'), [])
        elif not line.startswith('.\\"'):
            lines.append(line.replace("\\-", "-"))
    return sections


def synopsis() -> dict[str, set[str]]:
    """Every command with its options."""
    commands = "\n".join(manual()["SYNOPSIS"]).split("\n.br\n")
    found = {}
    for command in commands:
        name = re.match(r"\.B dutyclock ([a-z ]+)", command)[1].strip()
        found[name] = set(re.findall(r"--[a-z-]+", command))
    return found


def help_text(*words) -> str:
    result = run(*words, "--help")
    assert result.returncode == 0, result.stderr
    return result.stdout


def subcommands(text: str) -> list[str]:
    if "SUBCOMMANDS:" not in text:
        return []
    return re.findall(r"^  ([a-z]+)(?: |$)", text.split("SUBCOMMANDS:")[1], flags=re.MULTILINE)


def commands(*words) -> dict[str, str]:
    """Every command that does something, with its help."""
    text = help_text(*words)
    below = subcommands(text)
    if not below:
        return {" ".join(words): text}
    return {name: help for word in below for name, help in commands(*words, word).items()}


@pytest.fixture(scope="module")
def said():
    return commands()


def test_every_command_is_in_the_manual_with_its_options(said):
    options = {name: set(re.findall(r"--[a-z-]+", text.split("OPTIONS:")[1])) - COMMON for name, text in said.items()}
    assert len(options) >= 10
    assert synopsis() == options


def test_every_option_is_described(said):
    described = set(re.findall(r"--[a-z-]+", "\n".join(line for line in manual()["OPTIONS"] if line.startswith("."))))
    used = set().union(*synopsis().values())
    assert described - {"--generate-completion-script"} == used | COMMON
    described_commands = set(re.findall(r"^\.B ([a-z]+)$", "\n".join(manual()["COMMANDS"]), flags=re.MULTILINE))
    assert {name.split()[0] for name in said} <= described_commands


def test_exit_codes_are_those_of_the_help():
    listed = re.findall(r"^ +(\d+) +\S", help_text().split("EXIT CODES:")[1].split("USAGE:")[0], flags=re.MULTILINE)
    assert "0" in listed and "78" in listed
    assert re.findall(r"^\.B (\d+)$", "\n".join(manual()["EXIT STATUS"]), flags=re.MULTILINE) == listed


def test_the_version_is_the_programs():
    version = run("--version").stdout.strip()
    first = next(line for line in (PROJECT / "docs/man/dutyclock.1").read_text().splitlines() if ".TH" in line)
    assert f'"dutyclock {version}"' in first


def test_completions_are_made():
    for shell in ("bash", "zsh", "fish"):
        result = run("--generate-completion-script", shell)
        assert result.returncode == 0 and "dlq" in result.stdout
