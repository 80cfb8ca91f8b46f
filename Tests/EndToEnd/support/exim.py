"""A real mail server: exim4 on a free loopback port, with STARTTLS and AUTH, that keeps what it takes in files."""

import email
import email.policy
import getpass
import os
import subprocess
import tempfile
from pathlib import Path

from support.daemon import free_port
from support.waiting import eventually

USER, PASSWORD = "dutyclock", "half-an-hour"
# Exim delivers nothing as root, and its own user sees no directory of pytest's.
RUNNER = "Debian-exim" if os.getuid() == 0 else getpass.getuser()
CONFIGURATION = """\
exim_user = {user}
exim_group = {group}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
primary_hostname = mail.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
tls_advertise_hosts = *
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/key.pem
acl_smtp_rcpt = rcpt
host_lookup =
rfc1413_hosts =
keep_environment =
begin acl
rcpt:
  deny !authenticated = *
  deny local_parts = nobody
  defer local_parts = later
  accept
begin routers
all:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  directory = {folder}/mail
  maildir_format = true
  create_directory = true
  user = {user}
  group = {group}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and {{{{eq{{$auth2}}{{{name}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}
"""


class Exim:
    def __init__(self):
        self._place = tempfile.TemporaryDirectory()
        folder = self.folder = Path(self._place.name)
        folder.chmod(0o777)
        self.port = free_port()
        self.ca = folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", self.ca],
            check=True, capture_output=True,
        )  # fmt: skip
        (folder / "key.pem").chmod(0o644)
        file = folder / "exim.conf"
        file.write_text(
            CONFIGURATION.format(
                folder=folder, port=self.port, user=RUNNER, group=RUNNER, name=USER, password=PASSWORD,
            )
        )  # fmt: skip
        self.process = subprocess.Popen(["exim4", "-C", str(file), "-bdf"], stderr=subprocess.DEVNULL)
        eventually(lambda: (folder / "pid").exists(), 5, what="exim is up")

    def mails(self) -> list[email.message.EmailMessage]:
        """What was delivered, parsed by Python's own library."""
        files = sorted((self.folder / "mail" / "new").glob("*"))
        return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self._place.cleanup()
