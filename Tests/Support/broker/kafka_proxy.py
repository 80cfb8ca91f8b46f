#!/usr/bin/env python3
"""Stands between Kafka clients and one test broker, and disturbs the connection on demand.

    kafka_proxy.py --listen PORT --broker PORT --control PORT [--tls FOLDER] [--password TEXT]

Everything is on 127.0.0.1, and the broker must advertise the listening port.

With --tls, clients are met with TLS: FOLDER holds the server's `cert.pem` and `key.pem`. With --password,
a client has to log in by SASL PLAIN with this password, whoever it is, before the broker hears of it.

ApiVersions replies of version 3 pass without their tagged fields: librdkafka 2.0.2, which Debian 12
ships, drops a connection whose reply carries any. Nothing else is changed.

One word a line on the control port, answered by a line of state:
    down        refuse new connections and cut the open ones
    up          accept again
    drop        cut the open connections once
    stall       keep connections open but pass nothing on
    resume      pass on what was held back, and go on
    latency MS  delay every piece, in both directions
    state       only answer
"""

import argparse
import asyncio
import contextlib
import ssl
import struct
from pathlib import Path

HOST = "127.0.0.1"
API_VERSIONS_KEY = 18
SASL_HANDSHAKE_KEY = 17
SASL_AUTHENTICATE_KEY = 36
UNSUPPORTED_MECHANISM = 33
AUTHENTICATION_FAILED = 58
FIRST_FLEXIBLE_VERSION = 3
STREAM_LIMIT = 4 * 1024 * 1024


def read_uvarint(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned variable-length number at `at`, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def skip_tagged_fields(data: bytes, at: int) -> int:
    count, at = read_uvarint(data, at)
    for _ in range(count):
        _, at = read_uvarint(data, at)
        size, at = read_uvarint(data, at)
        at += size
    return at


def without_tagged_fields(reply: bytes) -> bytes:
    """An ApiVersions reply, cut before its tagged fields.

    Correlation id (4 bytes), error code (2), compact array of (key, lowest, highest, tagged fields),
    throttle time (4), tagged fields.
    """
    entries, at = read_uvarint(reply, 6)
    for _ in range(entries - 1):
        at = skip_tagged_fields(reply, at + 6)
    return reply[: at + 4] + b"\x00"


def with_sasl(reply: bytes) -> bytes:
    """An ApiVersions reply in its compact form that also offers both SASL requests, up to version 1."""
    entries, at = read_uvarint(reply, 6)
    offered, end = {}, at
    for _ in range(entries - 1):
        (key,) = struct.unpack_from(">h", reply, end)
        start, end = end, skip_tagged_fields(reply, end + 6)
        offered[key] = reply[start:end]
    for key in (SASL_HANDSHAKE_KEY, SASL_AUTHENTICATE_KEY):
        offered[key] = struct.pack(">hhhB", key, 0, 1, 0)
    # Fewer than 127 entries fit the one byte that a short number takes.
    assert len(offered) < 127
    return reply[:6] + bytes([len(offered) + 1]) + b"".join(offered.values()) + reply[end:]


class Login:
    """The SASL part of one connection, answered here: the broker behind needs no password."""

    def __init__(self, password: str | None):
        self.password = password
        self.is_done = password is None

    def answer(self, request: bytes) -> bytes | None:
        """The reply to a request that is about the login; None for all others."""
        key, version, correlation, name = struct.unpack_from(">hhih", request)
        if self.password is None or key not in (SASL_HANDSHAKE_KEY, SASL_AUTHENTICATE_KEY):
            return None
        body = request[10 + max(name, 0) :]
        if key == SASL_HANDSHAKE_KEY:
            error = 0 if body[2:] == b"PLAIN" else UNSUPPORTED_MECHANISM
            return struct.pack(">ihih", correlation, error, 1, 5) + b"PLAIN"
        self.is_done = body[4:].split(b"\0")[-1] == self.password.encode()
        error = 0 if self.is_done else AUTHENTICATION_FAILED
        reply = struct.pack(">ihhi", correlation, error, -1, 0)
        return reply + (struct.pack(">q", 0) if version else b"")

    def allows(self, request: bytes) -> bool:
        return self.is_done or struct.unpack_from(">h", request)[0] == API_VERSIONS_KEY


class Link:
    """One client's connection and the one made for it to the broker."""

    def __init__(self, proxy, client, broker):
        self.proxy = proxy
        self.client_reader, self.client_writer = client
        self.broker_reader, self.broker_writer = broker
        self.version_requests: set[int] = set()
        self.login = Login(proxy.password)

    async def run(self):
        await asyncio.gather(
            self.pass_on(self.client_reader, self.broker_writer, self.note_request),
            self.pass_on(self.broker_reader, self.client_writer, self.amend_reply),
        )

    async def log_in(self, message: bytes) -> bool:
        """Whether the message is for the broker; what is about the login is answered here."""
        reply = self.login.answer(message)
        if reply is None and self.login.allows(message):
            return True
        if reply:
            self.client_writer.write(struct.pack(">i", len(reply)) + reply)
            await self.client_writer.drain()
        if reply is None or not (self.login.is_done or message[:2] == struct.pack(">h", SASL_HANDSHAKE_KEY)):
            self.client_writer.close()
        return False

    def abort(self):
        for writer in (self.client_writer, self.broker_writer):
            writer.transport.abort()

    async def pass_on(self, reader, writer, amend):
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                message = await reader.readexactly(size)
                if reader is self.client_reader and not await self.log_in(message):
                    continue
                message = amend(message)
                await self.proxy.flowing.wait()
                if self.proxy.latency:
                    await asyncio.sleep(self.proxy.latency)
                writer.write(struct.pack(">i", len(message)) + message)
                await writer.drain()
        writer.close()

    def note_request(self, request: bytes) -> bytes:
        key, version, correlation = struct.unpack_from(">hhi", request)
        if key == API_VERSIONS_KEY and version >= FIRST_FLEXIBLE_VERSION:
            self.version_requests.add(correlation)
        return request

    def amend_reply(self, reply: bytes) -> bytes:
        correlation, error = struct.unpack_from(">ih", reply)
        if correlation not in self.version_requests:
            return reply
        self.version_requests.discard(correlation)
        # An error is answered in the form of version 0, which has no tagged fields.
        if error:
            return reply
        return without_tagged_fields(reply if self.login.password is None else with_sasl(reply))


class Proxy:
    def __init__(self, broker_port: int, password: str | None):
        self.broker_port = broker_port
        self.password = password
        self.accepting = True
        self.latency = 0.0
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.links: set[Link] = set()

    async def serve_client(self, reader, writer):
        if not self.accepting:
            writer.transport.abort()
            return
        try:
            broker = await asyncio.open_connection(HOST, self.broker_port, limit=STREAM_LIMIT)
        except OSError:
            writer.transport.abort()
            return
        link = Link(self, (reader, writer), broker)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)
            link.abort()

    async def serve_control(self, reader, writer):
        async for line in reader:
            self.obey(line.decode().split())
            writer.write(self.state().encode() + b"\n")
            await writer.drain()
        writer.close()

    def obey(self, words: list[str]):
        match words:
            case ["down"]:
                self.accepting = False
                self.cut()
            case ["up"]:
                self.accepting = True
            case ["drop"]:
                self.cut()
            case ["stall"]:
                self.flowing.clear()
            case ["resume"]:
                self.flowing.set()
            case ["latency", milliseconds]:
                self.latency = float(milliseconds) / 1000

    def cut(self):
        for link in list(self.links):
            link.abort()

    def state(self) -> str:
        return (
            f"{'up' if self.accepting else 'down'} "
            f"{'flowing' if self.flowing.is_set() else 'stalled'} "
            f"latency={self.latency * 1000:g} connections={len(self.links)}"
        )


async def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("listen", "broker", "control"):
        parser.add_argument(f"--{name}", type=int, required=True, metavar="PORT")
    parser.add_argument("--tls", type=Path, metavar="FOLDER")
    parser.add_argument("--password", metavar="TEXT")
    given = parser.parse_args()
    secure = None
    if given.tls:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(given.tls / "cert.pem", given.tls / "key.pem")
    proxy = Proxy(given.broker, given.password)
    await asyncio.start_server(proxy.serve_control, HOST, given.control)
    server = await asyncio.start_server(proxy.serve_client, HOST, given.listen, limit=STREAM_LIMIT, ssl=secure)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
