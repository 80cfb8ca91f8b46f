"""What events would have come to: the program's own replay against figures that a separate program computes."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAY = ROOT / "config/examples/day.jsonl"
EXPECTED = json.loads((ROOT / "config/examples/expected.json").read_text(encoding="utf-8"))


def replay(*words) -> dict:
    result = subprocess.run(
        [os.environ["DUTYCLOCK"], "replay", *map(str, words), "--config", str(ROOT / "config/dutyclock.yaml"), "--json"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_sample_day_comes_to_what_a_separate_program_computes():
    (policy,) = replay(DAY)["policies"]
    totals = policy["totals"]
    assert totals["accepted"] == EXPECTED["accepted"]
    assert totals["duplicate"] == EXPECTED["duplicates"]
    assert totals["rejected"] == EXPECTED["rejected"]
    assert totals["orphans"] == EXPECTED["orphans"]
    assert totals["gateViolations"] == EXPECTED["gateViolations"]


def test_two_policies_stand_side_by_side(tmp_path):
    shipped = ROOT / "config/policy/hengyang-2023-4.yaml"
    milder = tmp_path / "milder.yaml"
    text = shipped.read_text(encoding="utf-8")
    milder.write_text(text.replace("within: { minutes: 30,", "within: { minutes: 600,", 1), encoding="utf-8")
    assert milder.read_text(encoding="utf-8") != text
    first, second = replay(DAY, "--policy", shipped, "--policy", milder)["policies"]
    assert second["totals"]["breaches"] < first["totals"]["breaches"]
    assert second["totals"]["accepted"] == first["totals"]["accepted"]
