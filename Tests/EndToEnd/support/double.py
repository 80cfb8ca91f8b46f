"""The provider double of the program itself, as a process."""

import json
import subprocess
import urllib.request

from support.daemon import PROGRAM


class Double:
    def __init__(self):
        self.process = subprocess.Popen([PROGRAM, "provider-double"], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def _ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_double/{path}", data, timeout=20) as answer:
            return json.load(answer)

    def rule(self, provider: str, behaviour="accept", **more):
        """Before the rules there are: what this provider does with a message."""
        self._ask("script", {"rules": [{"provider": provider, "behaviour": behaviour} | more]})

    def forgive(self):
        """No rules any more."""
        self._ask("script", {"rules": [], "replace": True})

    def received(self, provider: str, text="") -> list[dict]:
        return [one for one in self._ask(f"received?provider={provider}") if text in one.get("text", "")]

    def counters(self, provider: str) -> dict:
        return self._ask("counters")[provider]

    def credentials(self, provider: str) -> dict:
        return self._ask("credentials")[provider]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
