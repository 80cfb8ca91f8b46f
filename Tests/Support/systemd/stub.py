#!/usr/bin/python3
"""Keeps the daemon's promises to systemd and nothing else, so that the systemd tests can be tested."""

import json
import os
import signal
import socket
import sys
import time

config = sys.argv[sys.argv.index("--config") + 1]
address = os.environ["NOTIFY_SOCKET"]
address = "\0" + address[1:] if address[0] == "@" else address
notifier = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
pause = int(os.environ.get("WATCHDOG_USEC", "2000000")) / 2e6
asked = set()


def tell(text):
    notifier.sendto(text.encode(), address)


def log(action):
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    line = {"@timestamp": moment, "log.level": "info", "message": action, "event.action": action}
    print(json.dumps(line), flush=True)


def read():
    with open(config) as file:
        return file.read()


def reload():
    if ready:
        tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
    log("service.reloadRejected" if "noSuchKey" in read() else "service.reloaded")
    if ready:
        tell("READY=1")


for number in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, lambda number, _: asked.add(number))
with open(os.path.join(os.environ["STATE_DIRECTORY"], "stub.db"), "w") as file:
    file.write("kept")
log("service.started")
ready = "bootstrap.servers: embedded" in read()
if ready:
    tell("READY=1\nSTATUS=stub")
log("service.ready" if ready else "not ready yet")
while signal.SIGTERM not in asked:
    if signal.SIGHUP in asked:
        asked.discard(signal.SIGHUP)
        reload()
    tell("WATCHDOG=1" if ready else "EXTEND_TIMEOUT_USEC=20000000")
    time.sleep(min(pause, 0.2))
tell("STOPPING=1")
log("service.stopping")
