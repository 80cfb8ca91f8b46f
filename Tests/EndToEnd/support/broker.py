"""A broker of our own in processes of its own, whose network can be disturbed."""

import os
import subprocess
from pathlib import Path

from support.waiting import PATIENCE

SCRIPT = Path(__file__).resolve().parents[2] / "Support" / "broker" / "broker.sh"
IS_FOREIGN = bool(os.environ.get("KAFKA_BOOTSTRAP_SERVERS"))


class Broker:
    def __init__(self, folder: Path, tls: Path | None = None, password: str | None = None):
        self.folder = folder
        asked = {"KAFKA_PROXY_TLS": tls and str(tls), "KAFKA_PROXY_PASSWORD": password}
        self.bootstrap = self._run("start", folder, **{k: v for k, v in asked.items() if v}).splitlines()[-1]

    def stop(self):
        self._run("stop", self.folder)

    def control(self, *words: str) -> str:
        """down, up, drop, stall, resume, latency MS, state"""
        return self._run("control", self.folder, *words)

    @staticmethod
    def _run(*words, **environment) -> str:
        done = subprocess.run(
            [SCRIPT, *map(str, words)], capture_output=True, text=True, timeout=60 * PATIENCE,
            env=os.environ | environment,
        )  # fmt: skip
        assert done.returncode == 0, f"broker.sh {words}: {done.stderr}"
        return done.stdout.strip()
