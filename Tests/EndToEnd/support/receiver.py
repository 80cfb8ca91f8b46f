"""A receiver of web hooks that remembers what came, and can misbehave."""

import base64
import hashlib
import hmac
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.waiting import eventually

SECRET = "whsec_" + base64.b64encode(b"thirty measures, one half hour..").decode()


@dataclass
class Delivery:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict:
        return json.loads(self.body)

    @property
    def data(self) -> dict:
        return self.event["data"]

    @property
    def person(self) -> str:
        return self.data["recipient"]["personRef"]

    @property
    def is_group(self) -> bool:
        return self.data["class"] == "group"

    def is_signed(self, secret=SECRET) -> bool:
        """Standard Webhooks, computed here from the specification: v1, HMAC-SHA256 of id.timestamp.body."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return any(
            hmac.compare_digest(expected, given) for given in self.headers["webhook-signature"].split(" ")
        )


# Behaviours: what to do with a request of which `nth` (from 1) came with this webhook-id.


def accept(handler, delivery, nth):
    handler.reply(204)


def refuse(status):
    return lambda handler, delivery, nth: handler.reply(status)


def slow(seconds):
    def answer(handler, delivery, nth):
        time.sleep(seconds)
        handler.reply(204)

    return answer


def held(release: threading.Event):
    """Answers once it is released."""

    def answer(handler, delivery, nth):
        release.wait()
        handler.reply(204)

    return answer


def fail_first(times, status=500):
    return lambda handler, delivery, nth: handler.reply(status if nth <= times else 204)


def take_and_die(handler, delivery, nth):
    """Takes the whole request, then resets the connection without a word."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the sender died on the way: nothing was heard
            self.close_connection = True
            return
        delivery = Delivery({name.lower(): value for name, value in self.headers.items()}, body)
        behaviour, nth = self.server.receiver.note(delivery)
        behaviour(self, delivery, nth)

    def reply(self, status):
        try:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            pass

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        pass


class Receiver:
    def __init__(self):
        self.deliveries: list[Delivery] = []
        self.counts: dict[str, int] = {}
        self.behaviour = accept
        self.on_delivery = None
        self._by_matter = {}
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.receiver = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def behave(self, behaviour, matter=None):
        """From now on, for everything or for one matter."""
        if matter:
            self._by_matter[matter] = behaviour
        else:
            self.behaviour = behaviour

    def note(self, delivery):
        with self._lock:
            self.deliveries.append(delivery)
            nth = self.counts[delivery.id] = self.counts.get(delivery.id, 0) + 1
            noticed = self.on_delivery
        if noticed:
            noticed(delivery)
        if self._by_matter:
            return self._by_matter.get(delivery.data["matter"], self.behaviour), nth
        return self.behaviour, nth

    def told(self, matter=None, code=None, person=None) -> list[Delivery]:
        with self._lock:
            deliveries = list(self.deliveries)
        return [
            one
            for one in deliveries
            if (matter is None or one.data["matter"] == matter)
            and (code is None or one.data["code"] == code)
            and (person is None or one.person == person)
        ]

    def people(self, matter, code) -> list[str]:
        """Who was told, one entry a message, the group as @group."""
        return sorted("@group" if one.is_group else one.person for one in self.told(matter, code))

    def wait_for(self, matter, code, people, within=10.0) -> list[Delivery]:
        """Exactly these people hear this code about this matter, each once."""
        eventually(
            lambda: set(self.people(matter, code)) >= set(people),
            within,
            what=lambda: f"{code} about {matter} to {people}, heard by {self.people(matter, code)}",
        )
        assert self.people(matter, code) == sorted(people)
        return self.told(matter, code)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
