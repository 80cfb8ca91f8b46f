"""What carries the lines elsewhere: journald by systemd's own words, the others by form and by names of fields.

None of the shippers is in Debian or on PyPI, so their own verdict is not asked here.
"""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import CONFIG, DOCS, FIELDS, PROJECT

SHIPPING = CONFIG / "shipping"
JOURNALD = CONFIG / "journald"
UNIT = "dutyclock.service"
STREAM = "dutyclock"
KEPT_DAYS = 200


def read(name: str) -> dict:
    return yaml.safe_load((SHIPPING / name).read_text(encoding="utf-8"))


def named_fields(text: str) -> set[str]:
    """What stands in quotes and looks like a field of ours, or like @timestamp."""
    return set(re.findall(r"""["']((?:@timestamp|(?:log|service|host|event|duty|park|error|messaging)\.[a-z_.]+))\\?["']""", text))


def test_every_file_is_looked_at():
    assert {file.name for file in SHIPPING.iterdir()} == {
        "vector.yaml", "fluent-bit.yaml", "filebeat.yml", "promtail.yaml", "config.alloy", "loki-retention.yaml",
    }  # fmt: skip


@pytest.mark.parametrize("file", sorted(SHIPPING.iterdir()), ids=lambda file: file.name)
def test_fields_are_those_of_a_line(file):
    text = file.read_text(encoding="utf-8").replace('\\"', '"')
    assert named_fields(text) <= set(FIELDS)
    if file.name != "loki-retention.yaml":
        assert named_fields(text) or re.search(r"service\\?\.name", text)
    unit = (PROJECT / "systemd" / UNIT).read_text(encoding="utf-8")
    assert "ExecStart" in unit
    if "journal" in text and file.name != "loki-retention.yaml":
        assert UNIT in text


# Each leads the lines to where the dashboards look: the stream of Loki, the data stream of Elasticsearch.


def test_vector_leads_to_both():
    made = read("vector.yaml")
    known = set(made["sources"]) | set(made["transforms"])
    for part in [*made["transforms"].values(), *made["sinks"].values()]:
        assert set(part["inputs"]) <= known
    assert made["sources"]["journal"]["include_units"] == [UNIT]
    loki, elasticsearch = made["sinks"]["loki"], made["sinks"]["elasticsearch"]
    assert loki["labels"]["service_name"] == STREAM and loki["encoding"] == {"codec": "json"}
    stream = elasticsearch["data_stream"]
    assert "-".join(stream[part] for part in ("type", "dataset", "namespace")) == "logs-dutyclock-default"
    program = made["transforms"]["dutyclock"]["source"]
    # Its blocks are closed, and what is no line of ours goes no further.
    assert program.count("{") == program.count("}") and program.count("(") == program.count(")")
    assert program.count("abort") == 2 and made["transforms"]["dutyclock"]["drop_on_abort"]


def test_fluent_bit_leads_to_both(the_week):
    made = read("fluent-bit.yaml")
    outputs = {one["name"]: one for one in made["pipeline"]["outputs"]}
    assert outputs["loki"]["labels"] == f"service_name={STREAM}" and outputs["loki"]["line_format"] == "json"
    assert outputs["es"]["index"] == "logs-dutyclock-default" and outputs["es"]["write_operation"] == "create"
    (parser,) = made["parsers"]
    # Parsers beside the pipeline are read from YAML since 3.2; before that they must be in a file of their own.
    for text in ((SHIPPING / "fluent-bit.yaml").read_text(encoding="utf-8"), (DOCS / "dashboards.md").read_text(encoding="utf-8")):
        assert re.findall(r"Fluent Bit ([\d.]+)", text) == ["3.2"]
    assert parser["time_key"] in FIELDS and parser["time_keep"]
    tag = made["pipeline"]["inputs"][0]["tag"]
    assert {one["match"] for one in [*made["pipeline"]["filters"], *made["pipeline"]["outputs"]]} == {tag}
    grep = next(one for one in made["pipeline"]["filters"] if one["name"] == "grep")
    key, pattern = grep["regex"].split(" ", 1)
    assert key == "message"
    lines = the_week.log.read_text(encoding="utf-8").splitlines()
    assert all(re.search(pattern, line) for line in lines)
    assert not re.search(pattern, "Fatal error: Index out of range") and not re.search(pattern, '{"service.name":"other"}')


def test_filebeat_leads_to_the_data_stream():
    made = read("filebeat.yml")
    assert made["output.elasticsearch"]["index"] == "logs-dutyclock-default"
    (source,) = made["filebeat.inputs"]
    assert source["include_matches.match"] == [f"_SYSTEMD_UNIT={UNIT}"]
    steps = [next(iter(step)) for step in made["processors"]]
    assert steps == ["decode_json_fields", "drop_event", "drop_fields"]
    asked = made["processors"][1]["drop_event"]["when"]["not"]["equals"]
    assert asked == {"service.name": FIELDS["service.name"]["const"]} and set(asked) <= set(FIELDS)
    dropped = made["processors"][2]["drop_fields"]["fields"]
    assert not [name for name in FIELDS if name.split(".")[0] in dropped], "nothing of ours"


def test_promtail_leads_to_the_stream(the_week):
    (job,) = read("promtail.yaml")["scrape_configs"]
    assert job["journal"]["labels"] == {"service_name": STREAM}
    stages = {next(iter(stage)): next(iter(stage.values())) for stage in job["pipeline_stages"]}
    expressions = stages["json"]["expressions"]
    assert {json.loads(path) for path in expressions.values()} <= set(FIELDS)
    assert set(stages["labels"]) <= set(expressions) and stages["timestamp"]["source"] in expressions
    drop = re.compile(stages["drop"]["expression"])
    assert not any(drop.search(line) for line in the_week.log.read_text(encoding="utf-8").splitlines())
    assert drop.search("Fatal error: Index out of range")


def test_alloy_says_what_promtail_says():
    text = (SHIPPING / "config.alloy").read_text(encoding="utf-8")
    bare = re.sub(r'"(?:\\.|[^"\\])*"|//[^\n]*', "", text)
    for opening, closing in ("{}", "[]", "()"):
        assert bare.count(opening) == bare.count(closing)
    components = {f"{kind}.{label}" for kind, label in re.findall(r'^([a-z.]+) "(\w+)" \{', text, re.M)}
    assert components == {"loki.source.journal.dutyclock", "loki.process.dutyclock", "loki.write.local"}
    for receiver in re.findall(r"forward_to\s*=\s*\[([\w.]+)\.receiver\]", text):
        assert receiver in components
    (job,) = read("promtail.yaml")["scrape_configs"]
    for stage in job["pipeline_stages"]:
        assert f"stage.{next(iter(stage))} {{" in text
    for name, path in job["pipeline_stages"][1]["json"]["expressions"].items():
        assert re.search(rf"{name}\s*=\s*{re.escape(json.dumps(path))}", text)
    assert f'labels     = {{ service_name = "{STREAM}" }}' in text and job["journal"]["matches"] in text


# How long lines are kept.


def test_loki_keeps_them_200_days():
    made = read("loki-retention.yaml")
    assert made["compactor"]["retention_enabled"]
    (rule,) = made["limits_config"]["retention_stream"]
    assert rule["selector"] == f'{{service_name="{STREAM}"}}' and rule["period"] == f"{KEPT_DAYS}d"


def ini(file: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read_string(file.read_text(encoding="utf-8"))
    return parser


def test_journald_knows_every_key_and_keeps_them_200_days():
    journal = ini(JOURNALD / "dutyclock.conf")["Journal"]
    daemon = next((path for path in map(Path, ("/lib/systemd/systemd-journald", "/usr/lib/systemd/systemd-journald")) if path.exists()), None)
    if daemon:
        known = daemon.read_bytes()
        for key in journal:
            assert f"Journal.{key}\0".encode() in known or f"\0{key}\0".encode() in known or key.encode() in known, key
    if shutil.which("systemd-analyze"):
        said = subprocess.run(["systemd-analyze", "timespan", journal["MaxRetentionSec"]], capture_output=True, text=True)
        assert said.returncode == 0, said.stderr
        assert int(re.search(r"μs: (\d+)", said.stdout)[1]) == KEPT_DAYS * 86_400 * 1_000_000
    assert int(journal["LineMax"].removesuffix("K")) * 1024 > 4096 * 4, "longer than a line with its longest values"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_unit_takes_the_namespace(tmp_path):
    unit = tmp_path / UNIT
    shutil.copy(PROJECT / "systemd" / UNIT, unit)
    text = unit.read_text(encoding="utf-8").replace("/usr/bin/dutyclock", "/bin/true")
    unit.write_text(text, encoding="utf-8")
    dropin = tmp_path / f"{UNIT}.d"
    dropin.mkdir()
    shutil.copy(JOURNALD / "namespace.conf", dropin)

    def verdict() -> str:
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        return "\n".join(line for line in said.stderr.splitlines() if UNIT in line or "namespace.conf" in line)

    # It ends with 0 after an unknown key, and says so in words.
    assert "namespace.conf" not in verdict() and "Unknown key" not in verdict()
    (dropin / "namespace.conf").write_text("[Service]\nLogNameSpace=dutyclock\n", encoding="utf-8")
    assert "LogNameSpace" in verdict(), "a wrong key would have been noticed"


def test_the_manual_says_how_long():
    text = (DOCS / "dashboards.md").read_text(encoding="utf-8")
    assert f"{KEPT_DAYS} days" in text
    for file in [*SHIPPING.iterdir(), *JOURNALD.iterdir()]:
        assert file.name in text, f"docs/dashboards.md does not name {file.name}"


def test_no_host_but_loopback():
    for file in [*SHIPPING.iterdir(), *JOURNALD.iterdir()]:
        for host in re.findall(r"https?://([^/:\s\"]+)", file.read_text(encoding="utf-8")):
            assert host == "127.0.0.1", f"{file.name}: {host}"
