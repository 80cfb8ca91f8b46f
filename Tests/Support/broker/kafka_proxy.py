#!/usr/bin/env python3
"""Stands between Kafka clients and one test broker, and disturbs the connection on demand.

    kafka_proxy.py --listen PORT --broker PORT --control PORT

Everything is on 127.0.0.1, and the broker must advertise the listening port.

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
import struct

HOST = "127.0.0.1"
API_VERSIONS_KEY = 18
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


class Link:
    """One client's connection and the one made for it to the broker."""

    def __init__(self, proxy, client, broker):
        self.proxy = proxy
        self.client_reader, self.client_writer = client
        self.broker_reader, self.broker_writer = broker
        self.version_requests: set[int] = set()

    async def run(self):
        await asyncio.gather(
            self.pass_on(self.client_reader, self.broker_writer, self.note_request),
            self.pass_on(self.broker_reader, self.client_writer, self.amend_reply),
        )

    def abort(self):
        for writer in (self.client_writer, self.broker_writer):
            writer.transport.abort()

    async def pass_on(self, reader, writer, amend):
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                message = amend(await reader.readexactly(size))
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
        return reply if error else without_tagged_fields(reply)


class Proxy:
    def __init__(self, broker_port: int):
        self.broker_port = broker_port
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
    ports = parser.parse_args()
    proxy = Proxy(ports.broker)
    await asyncio.start_server(proxy.serve_control, HOST, ports.control)
    server = await asyncio.start_server(proxy.serve_client, HOST, ports.listen, limit=STREAM_LIMIT)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
