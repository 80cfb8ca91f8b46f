"""Kafka over TLS and with a login: librdkafka's own property names are all it takes, and a wrong one is said."""

import json
import subprocess

import pytest

from support import events
from support.broker import IS_FOREIGN, Broker
from support.daemon import run
from support.events import STAFF
from support.waiting import eventually

PASSWORD = "only for this test"
TLS = """\
security.protocol: ssl
ssl.ca.location: {ca}
"""
LOGIN = """\
security.protocol: sasl_ssl
sasl.mechanism: PLAIN
sasl.username: dutyclock
sasl.password: {{ env: KAFKA_PASSWORD }}
ssl.ca.location: {ca}
"""

pytestmark = pytest.mark.skipif(IS_FOREIGN, reason="somebody else's cluster has certificates of its own")


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def authority(folder, name):
    """A certificate authority of our own; the file with its certificate."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", f"/CN={name}",
            "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")  # fmt: skip
    return folder / f"{name}.pem"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A folder with the server's certificate, its authority (ca.pem), and one that nobody knows (other.pem)."""
    folder = tmp_path_factory.mktemp("certificates")
    authority(folder, "ca")
    authority(folder, "other")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-keyout", folder / "key.pem", "-out", folder / "request.pem")  # fmt: skip
    openssl("x509", "-req", "-in", folder / "request.pem", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
            "-CAcreateserial", "-days", 2, "-extfile", folder / "names", "-out", folder / "cert.pem")  # fmt: skip
    return folder


@pytest.fixture
def secure(certificates, tmp_path):
    """Starts a broker behind TLS, with a login if a password is given."""
    started = []

    def start(password=None) -> Broker:
        started.append(Broker(tmp_path / f"broker-{len(started)}", tls=certificates, password=password))
        return started[-1]

    yield start
    for broker in started:
        broker.stop()


def client(certificates, **more):
    return {"security_protocol": "ssl", "ssl_ca_location": str(certificates / "ca.pem")} | more


def publish(town, tmp_path, event, **environment):
    file = tmp_path / "event.jsonl"
    file.write_text(json.dumps(event) + "\n", encoding="utf-8")
    return run("publish", "--config", town.installation.file, file, **environment)


def test_serve_and_publish_over_tls(secure, certificates, build, tmp_path):
    town = build(
        secure().bootstrap, client=client(certificates), properties=TLS.format(ca=certificates / "ca.pem")
    )
    town.daemon.start()
    enterprise = town.enterprise()
    number = events.number("CP")
    published = publish(town, tmp_path, events.filed(number, enterprise, events.now()))
    assert published.returncode == 0, published.stderr
    town.receiver.wait_for(f"complaint/{number}", "N10", [STAFF, "@group"])


def test_login_by_sasl(secure, certificates, build, tmp_path):
    login = {"security_protocol": "sasl_ssl", "sasl_mechanism": "PLAIN", "sasl_username": "t", "sasl_password": PASSWORD}
    town = build(
        secure(PASSWORD).bootstrap,
        client=client(certificates) | login,
        properties=LOGIN.format(ca=certificates / "ca.pem"),
    )
    town.daemon.start(KAFKA_PASSWORD=PASSWORD)
    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    assert PASSWORD not in town.daemon.runs[-1].read_text()


def assert_refused(town, words, **environment):
    """It lives, is not ready, and says why."""
    town.daemon.spawn(**environment)
    def is_said():
        town.daemon.require_alive()
        return any(word in json.dumps(line) for line in town.daemon.lines() for word in words)

    eventually(is_said, 20, what=town.daemon.explanation)
    # Nobody listens yet when the process has only begun.
    eventually(lambda: town.daemon.api.status("/readyz") == 503, 10)
    status, body = town.daemon.api.request("GET", "/readyz")
    assert b"no partition assigned" in body
    town.daemon.require_alive()
    assert not town.daemon.logged("service.ready")


def test_authority_that_is_not_known_is_refused_and_said(secure, certificates, build):
    town = build(
        secure().bootstrap, client=client(certificates), properties=TLS.format(ca=certificates / "other.pem")
    )
    assert_refused(town, ["certificate verify failed", "_SSL"])


def test_wrong_password_is_refused_and_said(secure, certificates, build):
    login = {"security_protocol": "sasl_ssl", "sasl_mechanism": "PLAIN", "sasl_username": "t", "sasl_password": PASSWORD}
    town = build(
        secure(PASSWORD).bootstrap,
        client=client(certificates) | login,
        properties=LOGIN.format(ca=certificates / "ca.pem"),
    )
    assert_refused(town, ["_AUTHENTICATION", "Authentication"], KAFKA_PASSWORD="wrong")
    assert "wrong" not in town.daemon.runs[-1].read_text()
