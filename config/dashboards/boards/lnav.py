"""The format by which lnav reads the program's log; the scripts beside it in config/lnav are written by hand."""

KINDS = {"integer": "integer", "boolean": "boolean", "array": "json"}
# What people follow from line to line gets a colour of its own.
IDENTIFIERS = {
    "event.action", "event.code", "park.enterprise_id", "duty.matter", "duty.rule_id", "duty.channel", "duty.person_ref",
    "duty.recipient_role", "duty.stage",
}  # fmt: skip
# In a line, in this order; each is left out where the line has none.
SHOWN = [
    "event.action", "event.code", "duty.rule_id", "duty.stage", "duty.matter", "duty.recipient_role", "duty.person_ref",
    "duty.channel", "duty.provider_code", "duty.due_at", "duty.reason", "error.type", "error.message",
]  # fmt: skip


def value(name: str, field: dict, definitions: dict) -> dict:
    meant = definitions.get(field.get("$ref", "").removeprefix("#/$defs/"), {}) | field
    made = {"kind": KINDS.get(meant.get("type"), "string"), "description": meant["description"]}
    if name in ("duty.cycle", "duty.article", "process.pid", "duty.journal_sequence", "duty.year"):
        made["foreign-key"] = True
    if name not in ("log.level", "message", *SHOWN):
        made["hidden"] = True
    return made | ({"identifier": True} if name in IDENTIFIERS else {})


def line_format() -> list:
    shown = [{"field": "__timestamp__"}, " ", {"field": "log.level", "min-width": 5}, " ", {"field": "message"}]
    for name in SHOWN:
        shown += [" ", {"field": name, "default-value": ""}]
    return shown


def format_file(schema: dict) -> dict:
    fields = {name: value(name, one, schema["$defs"]) for name, one in schema["properties"].items() if name != "@timestamp"}
    return {
        "$schema": "https://lnav.org/schemas/format-v1.schema.json",
        "dutyclock_log": {
            "title": "dutyclock",
            "description": "衡阳县企业服务限期守护进程的日志。 The log of dutyclock, one JSON object a line.",
            "json": True,
            "hide-extra": True,
            "timestamp-field": "@timestamp",
            "level-field": "log.level",
            "body-field": "message",
            "opid-field": "duty.matter",
            "level": {"fatal": "^fatal$", "error": "^error$", "warning": "^warn$", "info": "^info$", "debug": "^debug$", "trace": "^trace$"},
            "line-format": line_format(),
            "value": fields,
        },
    }
