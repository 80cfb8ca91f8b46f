"""The committed description of the interface, and the program that judges events."""

import copy
import json
import os
import subprocess
from pathlib import Path

import yaml
from jsonschema import Draft7Validator, Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PROGRAM = os.environ.get("DUTYCLOCK") or str(ROOT / ".build" / "release" / "dutyclock")

ASYNCAPI = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
SCHEMAS = {
    file.name.removesuffix(".v1.json"): json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((DOCS / "schemas").glob("*.json"))
}
VALIDATORS = {kind: Draft202012Validator(schema) for kind, schema in SCHEMAS.items()}
EXAMPLES = {kind: schema["examples"][0] for kind, schema in SCHEMAS.items()}


def example(kind: str) -> dict:
    return copy.deepcopy(EXAMPLES[kind])


def event(kind: str, data, **attributes) -> dict:
    envelope = {"specversion": "1.0", "id": "e-1", "source": "/tests", "type": f"park.{kind}.v1", "data": data}
    return {name: value for name, value in (envelope | attributes).items() if value is not None}


def verdicts(events: list) -> list[dict]:
    """What the daemon's decoder says of each event."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events)
    result = subprocess.run(
        [PROGRAM, "schema", "--validate", "-"], input=lines.encode(), capture_output=True, timeout=120
    )
    found = [json.loads(line) for line in result.stdout.splitlines()]
    rejected = sum(one["verdict"] == "rejected" for one in found)
    assert result.returncode == (65 if rejected else 0), result.stderr
    assert len(found) == len(events)
    return found


def resolve(reference: str):
    """What a local reference of the AsyncAPI document points to; KeyError if there is nothing."""
    assert reference.startswith("#/")
    place = ASYNCAPI
    for part in reference[2:].split("/"):
        place = place[part]
    return place


def validator(schema: dict) -> Draft7Validator:
    """A schema of the AsyncAPI document, whose local references begin at the document's root."""
    return Draft7Validator(schema | {"components": ASYNCAPI["components"]})
