"""JSON Schemas of what leaves the program: the CloudEvents envelope and the data inside."""

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from support.installation import PROJECT

TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
TEXT = {"type": "string", "minLength": 1}

# CloudEvents 1.0: attribute names are lower-case letters and digits, values are simple.
ENVELOPE = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": TEXT,
        "source": TEXT | {"format": "uri-reference"},
        "type": {"type": "string", "pattern": r"^park\.[a-z]+\.[a-z]+\.v1$"},
        "subject": TEXT,
        "time": TIME,
        "partitionkey": TEXT,
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    },
    "propertyNames": {"pattern": "^[a-z0-9]+$"},
    "additionalProperties": {"type": ["string", "integer", "boolean"]},
}

NOTIFICATION = ENVELOPE | {
    "required": [*ENVELOPE["required"], "subject", "time"],
    "properties": ENVELOPE["properties"]
    | {
        "type": {"const": "park.notification.requested.v1"},
        "data": {
            "type": "object",
            "required": [
                "notificationId", "code", "ruleId", "article", "matter", "enterpriseId", "cycle", "stage",
                "class", "recipient", "title", "text",
            ],
            "properties": {
                "notificationId": {"type": "string", "pattern": r"^[^|]+\|[^|]+\|\d+\|[^|]+\|[^|]+$"},
                "code": {"type": "string", "pattern": r"^N\d\d$"},
                "ruleId": TEXT,
                "article": {"type": "integer", "minimum": 0, "maximum": 30},
                "matter": {"type": "string", "pattern": "^[a-z]+/.+$"},
                "enterpriseId": TEXT,
                "cycle": {"type": "integer", "minimum": 1},
                "stage": TEXT,
                "class": {"enum": ["personal", "group", "mail"]},
                "recipient": {
                    "type": "object",
                    "required": ["personRef", "role"],
                    "properties": {"personRef": TEXT, "role": TEXT},
                    "additionalProperties": False,
                },
                "dueAt": TIME,
                "title": TEXT,
                "text": TEXT,
                "withdraws": TEXT,
                "link": {"type": "string", "pattern": r"^https?://[^/]+/a/[A-Za-z0-9_-]+$"},
            },
            "additionalProperties": False,
        },
    },
}  # fmt: skip

ASYNCAPI = yaml.safe_load((PROJECT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
_MESSAGES = ASYNCAPI["components"]["messages"]
# What the AsyncAPI document says of each type on the outcomes topic.
OUTCOMES = {
    _MESSAGES[name]["name"]: _MESSAGES[name]["payload"] | {"components": ASYNCAPI["components"]}
    for name in ASYNCAPI["channels"]["outcomes"]["messages"]
}


def validate(schema: dict, value):
    problems = [f"{list(p.absolute_path)}: {p.message}" for p in _validator(schema).iter_errors(value)]
    assert not problems, f"{problems} in {value}"


def _validator(schema):
    return Draft202012Validator(schema, format_checker=FormatChecker())
