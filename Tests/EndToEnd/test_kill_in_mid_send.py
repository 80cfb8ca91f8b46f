"""A daemon killed between intent and outcome, for messages of every provider: doubt, nothing twice, and after a minute the next way."""

import pytest

from support import events
from support.double import Double
from support.events import STAFF
from support.installation import MOBILE
from support.waiting import eventually

# After a try in doubt, a late sign of life is waited for so long.
DOUBT = 60

TEMPLATES = "templates: { N10: { id: SMS_100000001, variables: [enterpriseName, number, due] } }"


def keys(provider: str, account: dict) -> str:
    """What the configuration says of a channel of this type."""
    secret = "secret: { env: DOUBLE_SECRET }"
    return {
        "webhook": secret,
        "wecom-robot": "key: { env: DOUBLE_SECRET }",
        "dingtalk-robot": f"accessToken: {{ env: DOUBLE_TOKEN }}, {secret}",
        "feishu-robot": f"hookId: {{ env: DOUBLE_TOKEN }}, {secret}",
        "wecom-app": f"corpId: {account.get('corpId')}, agentId: {account.get('agentId')}, {secret}",
        "sms-aliyun": "accessKeyId: double-aliyun-id, accessKeySecret: { env: DOUBLE_SECRET }, "
        f"signName: 西渡高新区, {TEMPLATES}",
        "sms-tencent": "secretId: double-tencent-id, secretKey: { env: DOUBLE_SECRET }, "
        f'appId: "1400000001", signName: 西渡高新区, {TEMPLATES}',
        "voice-aliyun": "accessKeyId: double-aliyun-id, accessKeySecret: { env: DOUBLE_SECRET }, "
        f"{TEMPLATES.replace('SMS', 'TTS')}",
    }[provider]


def secrets(account: dict) -> dict:
    secret = next(account[name] for name in ("secret", "key", "accessKeySecret", "secretKey") if name in account)
    return {"DOUBLE_SECRET": secret, "DOUBLE_TOKEN": account.get("accessToken") or account.get("hookId") or "none"}


@pytest.fixture
def double():
    double = Double()
    yield double
    double.stop()


def start(broker, build, double, provider):
    """A town that tells the officer by this provider first, or the group where it is a robot."""
    town = build(broker.bootstrap)
    account = double.credentials(provider)
    place = f'url: "{double.url}/hook"' if provider == "webhook" else f'endpoint: "{double.url}"'
    way = f"  way: {{ type: {provider}, {place}, {keys(provider, account)}, timeout: 90s }}\n"
    kind = "group" if provider.endswith("robot") else "personal"
    others = {"personal": "[hook]", "group": "[hook]", "mail": "[hook]"} | {kind: "[way, hook]"}
    routing = "routing:\n" + "".join(f"  {name}: {route}\n" for name, route in others.items())
    file = town.installation.file
    head, tail = file.read_text(encoding="utf-8").split("routing:\n")
    rest = "quietHours: { channels: [] }\n" + tail[tail.index("shadow:") :]
    file.write_text(head + way + routing + rest, encoding="utf-8")
    people = town.installation.folder / "directory.yaml"
    text = people.read_text(encoding="utf-8")
    address = MOBILE if provider.startswith(("sms", "voice")) else "zhangsan"
    text = text.replace(f'{{ hook: "{MOBILE}" }}', f'{{ hook: "{MOBILE}", way: "{address}" }}')
    people.write_text(text, encoding="utf-8")
    environment = secrets(account)
    town.daemon.start(**environment)
    return town, ("@group" if kind == "group" else STAFF), environment


def attempts(town, matter, person) -> tuple[list[tuple[str, str]], str]:
    """The tries with their outcomes, and how it stands."""
    (one,) = [told for told in town.daemon.notifications(matter, "N10") if told["recipient"]["personRef"] == person]
    return [(attempt["channel"], attempt["outcome"]) for attempt in one["attempts"]], one["state"]


PROVIDERS = [
    "webhook", "wecom-robot", "dingtalk-robot", "feishu-robot", "sms-aliyun", "sms-tencent", "voice-aliyun",
]  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
def test_doubt_goes_on_by_the_next_channel_after_a_minute(broker, build, double, provider):
    town, person, environment = start(broker, build, double, provider)
    double.rule(provider, delayMilliseconds=120_000)
    number, matter = town.complain(town.enterprise(), events.now())
    eventually(lambda: double.received(provider, number), what="the double holds the message")
    town.daemon.kill()
    double.forgive()
    town.daemon.start(**environment)
    eventually(lambda: town.daemon.logged("notification.uncertain"))
    assert not town.receiver.told(matter, "N10", person), "not before the minute is over"
    (told,) = eventually(
        lambda: town.receiver.told(matter, "N10", person), DOUBT, what="the next channel tells"
    )
    assert number in told.data["text"]
    eventually(lambda: attempts(town, matter, person)[1] == "sent")
    assert [channel for channel, _ in attempts(town, matter, person)[0]] == ["way", "hook"]
    assert len(double.received(provider, number)) == 1, "nobody is told twice by one channel"
    assert double.counters(provider)["duplicates"] == 0 and double.counters(provider)["invalid"] == 0


def test_an_app_that_recognises_repetitions_is_asked_again(broker, build, double):
    town, person, environment = start(broker, build, double, "wecom-app")
    double.rule("wecom-app", delayMilliseconds=120_000)
    number, matter = town.complain(town.enterprise(), events.now())
    eventually(lambda: double.received("wecom-app", number), what="the double holds the message")
    town.daemon.kill()
    double.forgive()
    town.daemon.start(**environment)
    eventually(lambda: attempts(town, matter, person)[1] == "sent", DOUBT)
    assert {channel for channel, _ in attempts(town, matter, person)[0]} == {"way"}
    assert not town.receiver.told(matter, "N10", person), "it was not in doubt any more"
    assert double.counters("wecom-app")["invalid"] == 0
