"""TLS by certificate files; a reload exchanges the certificate and open connections go on."""

import http.client
import socket
import ssl
import subprocess

import pytest

from support.daemon import run
from support.waiting import eventually


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with a certificate authority of our own."""
    folder = tmp_path_factory.mktemp("authority")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", "/CN=ca",
            "-keyout", folder / "ca.key", "-out", folder / "ca.pem")  # fmt: skip
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    return folder


def issue(authority, folder, serial):
    """Puts a certificate with this serial number, and its key, where the daemon looks for them."""
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-keyout", folder / "key.pem", "-out", folder / "request.pem")  # fmt: skip
    openssl("x509", "-req", "-in", folder / "request.pem", "-CA", authority / "ca.pem", "-CAkey", authority / "ca.key",
            "-set_serial", serial, "-days", 2, "-extfile", authority / "names", "-out", folder / "cert.pem")  # fmt: skip


@pytest.fixture
def secure_town(broker, build, authority):
    town = build(broker.bootstrap)
    installation = town.installation
    section = "  tokens: tokens.yaml\n  tls: { certificate: cert.pem, key: { file: key.pem } }\n"
    installation.ask_for_tokens(
        section,
        viewer_token="viewer-token-0123456789",
        tokens_yaml="tokens: [{ name: v, role: viewer, token: { file: viewer.token } }]\n",
    )
    issue(authority, installation.folder, 17)
    town.daemon.spawn()
    eventually(lambda: serial(town, authority) == 17, within=20)
    return town


def client(authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority / "ca.pem")


def serial(town, authority) -> int:
    """Of the certificate that a new connection is shown; 0 while there is none."""
    town.daemon.require_alive()
    try:
        with socket.create_connection(("127.0.0.1", town.installation.port), 10) as raw:
            with client(authority).wrap_socket(raw, server_hostname="localhost") as connection:
                return int(connection.getpeercert()["serialNumber"], 16)
    except ConnectionRefusedError:
        return 0


def test_a_reload_shows_the_new_certificate_and_keeps_connections(secure_town, authority):
    installation = secure_town.installation
    connection = http.client.HTTPSConnection("localhost", installation.port, timeout=30, context=client(authority))

    def alive():
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        return answer

    assert alive().status == 200
    assert connection.sock.getpeercert()["serialNumber"] == "11"
    own = connection.sock
    issue(authority, installation.folder, 18)
    secure_town.daemon.reload()
    eventually(lambda: serial(secure_town, authority) == 18, within=20)
    assert alive().status == 200
    assert connection.sock is own, "the connection was closed"
    # A key of another certificate changes nothing, and is said.
    openssl("genrsa", "-out", installation.folder / "key.pem", 2048)
    secure_town.daemon.reload()
    eventually(lambda: secure_town.daemon.logged("service.reloadRejected"))
    assert serial(secure_town, authority) == 18
    checked = run("check", "--config", installation.file)
    assert checked.returncode == 78
    assert "http.tls: 私钥与文件中的第一个证书不匹配" in checked.stdout + checked.stderr
    assert alive().headers["strict-transport-security"]
    connection.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_no_tls_and_what_is_old_is_turned_away(secure_town, authority):
    plain = http.client.HTTPConnection("127.0.0.1", secure_town.installation.port, timeout=10)
    with pytest.raises((OSError, http.client.HTTPException)):
        plain.request("GET", "/healthz")
        plain.getresponse()
    old = client(authority)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", secure_town.installation.port), 10) as raw:
        with pytest.raises((ssl.SSLError, OSError)):
            old.wrap_socket(raw, server_hostname="localhost")
    assert secure_town.daemon.is_alive
