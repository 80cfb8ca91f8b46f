"""The program as its operator sees it: a process, its HTTP interface, its log, its commands."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from support import logs
from support.installation import Installation
from support.receiver import SECRET
from support.waiting import PATIENCE, eventually

PROGRAM = os.environ["DUTYCLOCK"]
# The program promises to stop within 25 s whatever is under way (docs/architecture.md).
STOP_SECONDS = 30.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


def run(*words, timeout=60, stdin=None, **environment) -> subprocess.CompletedProcess:
    """One command to its end; `timeout` in seconds on a quiet machine."""
    return subprocess.run(
        [PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=timeout * PATIENCE, input=stdin,
        env=os.environ | {"HOOK_SECRET": SECRET} | environment,
    )  # fmt: skip


class Ended(Exception):
    """The process ended by itself: no use in waiting on."""


class API:
    """The HTTP interface, over one connection for each thread."""

    def __init__(self, port: int, within=20.0):
        self.port = port
        self.timeout = within * PATIENCE
        self._local = threading.local()

    def request(self, method, path, body=None, headers=None) -> tuple[int, bytes]:
        for attempt in (1, 2):
            connection = getattr(self._local, "connection", None)
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
                    self._local.connection = connection
                connection.request(method, path, body, headers or {})
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                if connection:
                    connection.close()
                self._local.connection = None
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def get(self, path):
        """The JSON behind the path, or None where there is nothing."""
        status, body = self.request("GET", path)
        if status == 404:
            return None
        assert status == 200, f"{path}: {status} {body[:300]!r}"
        return json.loads(body)

    def ask(self, method, path, document) -> tuple[int, dict]:
        """The status and the JSON of what was answered to a JSON body."""
        headers = {"content-type": "application/json"}
        status, body = self.request(method, path, json.dumps(document).encode(), headers)
        return status, json.loads(body)

    def status(self, path) -> int:
        """Only the status code; 0 when nobody answers."""
        try:
            return self.request("GET", path)[0]
        except (OSError, http.client.HTTPException):
            return 0


class Daemon:
    """One installation's process. It may be started again and again; each run has a log file of its own."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.process: subprocess.Popen | None = None
        self.runs: list[Path] = []
        self.killed: set[Path] = set()
        self.api = API(installation.port)

    # The process.

    def spawn(self, **environment):
        number = len(self.runs) + 1
        self.runs.append(self.installation.folder / f"run-{number}.jsonl")
        errors = self.installation.folder / f"run-{number}.stderr"
        with open(self.runs[-1], "wb") as out, open(errors, "wb") as err:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--config", str(self.installation.file)], stdin=subprocess.DEVNULL,
                stdout=out, stderr=err, env=os.environ | {"HOOK_SECRET": SECRET} | environment,
            )  # fmt: skip
        return self

    def start(self, within=20.0, **environment):
        self.spawn(**environment)
        self.wait_until_ready(within)
        return self

    def wait_until_ready(self, within=20.0):
        eventually(self.is_ready, within, what=lambda: f"ready; {self.explanation()}")

    def is_ready(self) -> bool:
        self.require_alive()
        return self.api.status("/readyz") == 200

    def require_alive(self):
        if not self.is_alive:
            raise Ended(f"exit code {self.process.poll()}: {self.explanation()}")

    def explanation(self) -> str:
        errors = self.runs[-1].with_suffix(".stderr").read_text(errors="replace")
        return f"{errors[-1500:]}\n{self.runs[-1].read_text(errors='replace')[-1500:]}"

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit code and how long it took in seconds."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {STOP_SECONDS} s after SIGTERM: {self.explanation()}") from None
        return code, time.monotonic() - began

    def kill(self):
        self.killed.add(self.runs[-1])
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def close(self):
        if self.is_alive:
            self.stop()

    # What it says of itself.

    def log_problems(self) -> list[str]:
        """What is wrong with the log of any run; one that goes on, or was killed, may end within a line."""
        cut = self.killed | ({self.runs[-1]} if self.is_alive else set())
        return [one for run in self.runs for one in logs.problems(run, is_cut=run in cut)]

    def lines(self, run=-1) -> list[dict]:
        """The log of one run; a last line without its end is left out."""
        text = self.runs[run].read_text(encoding="utf-8")
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def logged(self, action=None, run=-1, **fields) -> list[dict]:
        return [
            line
            for line in self.lines(run)
            if (action is None or line.get("event.action") == action)
            and all(line.get(name.replace("__", ".")) == value for name, value in fields.items())
        ]

    def metric(self, name: str, /, **labels) -> float | None:
        """The sum of all series of the metrics page with these labels; None if there is none."""
        found = [value for known, value in self.series(name) if labels.items() <= known.items()]
        return sum(found) if found else None

    def series(self, name: str) -> list[tuple[dict, float]]:
        """All series of one name, each with its labels."""
        status, page = self.api.request("GET", "/metrics")
        assert status == 200
        lines = [re.fullmatch(r"([a-z_]+)(?:\{(.*)\})? (\S+)", line) for line in page.decode().splitlines()]
        return [
            (dict(re.findall(r'(\w+)="([^"]*)"', line[2] or "")), float(line[3]))
            for line in lines
            if line and line[1] == f"dutyclock_{name}"
        ]

    # The interface.

    def matter(self, matter: str):
        return self.api.get(f"/api/v1/matters/{matter}")

    def wait_for_matter(self, matter: str, within=10.0) -> dict:
        return eventually(lambda: self.matter(matter), within, what=f"matter {matter}")

    def obligation(self, matter: str, rule="A22.response", cycle=1) -> dict | None:
        found = [
            one
            for one in (self.matter(matter) or {"obligations": []})["obligations"]
            if one["ruleId"] == rule and one["cycle"] == cycle
        ]
        return found[0] if found else None

    def wait_for_state(self, matter: str, state: str, rule="A22.response", within=10.0) -> dict:
        return eventually(
            lambda: (one := self.obligation(matter, rule)) and one["state"] == state and one,
            within,
            what=lambda: f"{rule} of {matter} {state}, is {self.obligation(matter, rule)}",
        )

    def notifications(self, matter: str, code=None) -> list[dict]:
        found = (self.matter(matter) or {"notifications": []})["notifications"]
        return [one for one in found if code is None or one["code"] == code]

    def ledger(self, fine: str) -> dict:
        return self.api.get(f"/api/v1/ledger?fine={fine}")

    def post(self, body: bytes, **headers) -> tuple[int, dict]:
        """POST /api/v1/events; header names with underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        status, answer = API(self.installation.port, 90).request("POST", "/api/v1/events", body, named)
        return status, json.loads(answer)

    def command(self, *words) -> subprocess.CompletedProcess:
        """A command that talks to this daemon."""
        return run(*words, "--url", self.installation.url)
