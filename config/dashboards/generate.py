#!/usr/bin/env python3
"""Writes the dashboards beside this file, grafana/*.json and kibana/*, and ../lnav/dutyclock.json.

What has a place for each field of the log is made from docs/log-line.schema.json.

Needs nothing but the standard library and gives the same bytes in every run.
With --check it writes nothing and fails if the files differ from what it would write.
"""

import json
import sys
from pathlib import Path

from boards import grafana, kibana, lnav

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parents[1] / "docs" / "log-line.schema.json"


def pretty(value) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def files() -> dict[str, str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    made = {name: pretty(one) for name, one in grafana.files().items()}
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in kibana.objects()]
    made["kibana/dutyclock.ndjson"] = "\n".join(lines) + "\n"
    made["kibana/index-template.json"] = pretty(kibana.template(schema))
    made["kibana/lifecycle.json"] = pretty(kibana.lifecycle())
    made["../lnav/dutyclock.json"] = pretty(lnav.format_file(schema))
    return made


def main() -> int:
    differ = []
    for name, text in files().items():
        path = HERE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        differ.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and differ:
        print(f"not what {Path(__file__).name} writes: {', '.join(differ)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
