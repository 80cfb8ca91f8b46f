"""Mail through a real server, a program that is the real Apprise, a topic of Kafka: each tells its people."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from support import events
from support.events import STAFF
from support.exim import PASSWORD, USER, Exim
from support.installation import PROJECT
from support.waiting import eventually

RECIPE = PROJECT / "config" / "examples" / "apprise-notify.py"
CHANNELS = """\
  mail:
    type: email
    host: 127.0.0.1
    port: {port}
    username: {user}
    password: {{ env: MAIL_PASSWORD }}
    caFile: {ca}
    from: 领导小组办公室 <office@example.org>
  tools: {{ type: command, run: [{python}, {recipe}, "json://127.0.0.1:{apprise}/"] }}
  bus: {{ type: kafka, topic: {topic} }}
routing:
  personal: [mail, bus]
  group: [tools]
  mail: [hook]
"""


@pytest.fixture
def exim():
    server = Exim()
    yield server
    server.stop()


@pytest.fixture
def heard():
    """What Apprise posts, by a receiver of its own kind."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bodies_and_port = (bodies, server.server_address[1])
    yield bodies_and_port
    server.shutdown()
    server.server_close()


def start(town, exim, apprise_port, address):
    """The town with the three channels, and its service officer under this mail address."""
    file = town.installation.file
    head, tail = file.read_text(encoding="utf-8").split("routing:\n")
    channels = CHANNELS.format(
        port=exim.port, user=USER, ca=exim.ca, python=sys.executable, recipe=RECIPE, apprise=apprise_port,
        topic=town.topics.outcomes,
    )  # fmt: skip
    file.write_text(head + channels + tail[tail.index("http:") :], encoding="utf-8")
    directory = town.installation.folder / "directory.yaml"
    text = directory.read_text(encoding="utf-8")
    directory.write_text(text.replace("addresses: { hook:", f"addresses: {{ mail: {address}, hook:"), encoding="utf-8")
    town.daemon.start(MAIL_PASSWORD=PASSWORD)


def attempts(town, matter, person):
    found = [one for one in town.daemon.notifications(matter, "N10") if one["recipient"]["personRef"] == person]
    return [(one["channel"], one["outcome"]) for one in found[0]["attempts"]] if found else []


def test_mail_and_apprise_tell_their_people(broker, build, exim, heard):
    bodies, port = heard
    town = build(broker.bootstrap)
    start(town, exim, port, "staff@example.org")
    number, matter = town.complain(town.enterprise(), events.now())

    def mails():
        return [one for one in exim.mails() if number in one.get_content()]

    def posts():
        return [one for one in bodies if number in one["message"]]

    mail = eventually(mails, 10, what="a mail about the complaint")[0]
    assert mail["to"] == "staff@example.org"
    assert mail["from"].addresses[0].display_name == "领导小组办公室"
    assert mail["auto-submitted"] == "auto-generated"
    assert STAFF not in mail["message-id"] and mail["message-id"].endswith("@example.org>")
    assert mail["subject"].startswith("新诉求")
    assert eventually(posts, 10, what="Apprise posts")[0]["title"]
    eventually(lambda: attempts(town, matter, STAFF) == [("mail", "sent")])
    assert len(mails()) == 1 and len(posts()) == 1


def test_a_refused_mail_goes_on_over_kafka(broker, build, exim, heard):
    town = build(broker.bootstrap)
    start(town, exim, heard[1], "nobody@example.org")
    _, matter = town.complain(town.enterprise(), events.now())
    eventually(lambda: attempts(town, matter, STAFF) == [("mail", "failed"), ("bus", "sent")])
    assert exim.mails() == []
