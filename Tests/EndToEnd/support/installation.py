"""Configuration of one installation: a directory of its own, the policy, calendar and texts of the project."""

import re
from pathlib import Path

from support import events
from support.kafka import Topics

PROJECT = Path(__file__).resolve().parents[3]
CONFIG = PROJECT / "config"
POLICY = CONFIG / "policy" / "hengyang-2023-4.yaml"
POLICY_VERSION = re.search(r"^version: (\S+)$", POLICY.read_text(encoding="utf-8"), re.MULTILINE)[1]

# Short, so that a member that is gone is soon replaced, yet not so short that a slow machine ends sessions;
# real clusters refuse less.
SESSION_MILLISECONDS = 6000
# A member joins, and learns of another, within two of these.
HEARTBEAT_MILLISECONDS = 500

PEOPLE = {
    events.STAFF: ("司徒静澜", "park.staff"),
    events.BACKUP: ("上官砚青", "park.staff"),
    events.LEADER: ("欧阳慕白", "park.leader"),
    events.HEAD: ("诸葛远岫", "park.head"),
    events.LINKED: ("夏侯清和", "county.linked"),
    events.SECRETARY: ("令狐景行", "county.secretary"),
    events.DEPUTY: ("慕容知秋", "county.deputy"),
    events.FOURTH: ("独孤行远", "county.four"),
}
MOBILE = "13800138000"

MAIN = """\
kafka:
  properties:
    bootstrap.servers: {bootstrap}
    group.id: {group}
    session.timeout.ms: "{session}"
    heartbeat.interval.ms: "{heartbeat}"
{properties}  topics:
    intake: [{topics.intake}]
    outcomes: {topics.outcomes}
    deadLetters: {topics.dead_letters}
store:
  url: sqlite:dutyclock.db
policy: {policy}
directory: directory.yaml
calendar: {config}/calendars/cn.yaml
templates: {config}/templates/zh-CN
channels:
  hook: {{ type: webhook, url: "{hook}", secret: {{ env: HOOK_SECRET }}, timeout: {timeout}{channel} }}
routing:
  personal: [hook]
  group: [hook]
  mail: [hook]
shadow: {shadow}
http:
  listen: 127.0.0.1:{port}
  open: true
  publicURL: http://127.0.0.1:{port}
log:
  level: info
"""


class Installation:
    def __init__(self, folder: Path, bootstrap: str, hook: str, port: int, topics=None, **changes):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = folder / "dutyclock.yaml"
        self.database = folder / "dutyclock.db"
        self.bootstrap = bootstrap
        self.hook = hook
        self.port = port
        self.topics = topics or Topics()
        self.group = f"{self.topics.prefix}.dutyclock"
        self.settings = {
            "session": SESSION_MILLISECONDS,
            "timeout": "10s",
            "channel": "",
            "shadow": "false",
            "policy": POLICY,
            "properties": "",
        } | changes
        self.write()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self, **changes):
        """Writes the files, with settings changed."""
        self.settings |= changes
        lines = "".join(f"    {line}\n" for line in self.settings["properties"].splitlines())
        values = self.settings | {"properties": lines, "heartbeat": min(HEARTBEAT_MILLISECONDS, self.settings["session"] // 4)}
        text = MAIN.format(
            bootstrap=self.bootstrap, group=self.group, topics=self.topics, config=CONFIG, hook=self.hook,
            port=self.port, **values,
        )  # fmt: skip
        self.file.write_text(text, encoding="utf-8")
        (self.folder / "directory.yaml").write_text(directory(), encoding="utf-8")

    def ask_for_tokens(self, section="  tokens: tokens.yaml\n", **files: str):
        """Puts a section of `http` in the place of the open door; `files` are written beside it, `a_b` as `a.b`."""
        main = self.file.read_text(encoding="utf-8")
        assert main.count("  open: true\n") == 1
        self.file.write_text(main.replace("  open: true\n", section), encoding="utf-8")
        for name, text in files.items():
            (self.folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


def directory() -> str:
    lines = ["people:"]
    for ref, (name, role) in PEOPLE.items():
        addresses = f', addresses: {{ hook: "{MOBILE}" }}' if ref == events.STAFF else ""
        lines.append(f"  - {{ ref: {ref}, name: {name}, roles: [{role}]{addresses} }}")
    lines += ["offices:", "  - { ref: office, name: 领导小组办公室, roles: [office] }"]
    lines += ["  - { ref: discipline-office, name: 党风政风监督室, roles: [discipline] }"]
    return "\n".join(lines) + "\n"
