"""With `http.open: false` a bearer token says who may do what; nothing but health is for everybody."""

import pytest
import requests

from support.daemon import run
from support.waiting import eventually

ROLES = ["viewer", "supervisor", "admin", "producer"]
TOKENS = {role: f"{role}-token-0123456789/+=" for role in ROLES}
TOKENS_FILE = """\
tokens:
  - { name: board, role: viewer, token: { file: viewer.token } }
  - { name: office, role: supervisor, token: { credential: supervisor } }
  - { name: operations, role: admin, token: { env: DUTYCLOCK_ADMIN } }
  - { name: registry, role: producer, token: { env: REGISTRY_TOKEN } }
"""

READ = {"viewer", "supervisor", "admin"}
# Which roles each path is for, and what they get there.
PATHS = [
    ("GET", "/", READ, 200),
    ("GET", "/metrics", READ, 200),
    ("GET", "/api/v1/status", READ, 200),
    ("GET", "/api/v1/ledger", {"supervisor", "admin"}, 200),
    ("GET", "/api/v1/ledger/statement?person=P-1", {"supervisor", "admin"}, 200),
    ("GET", "/api/v1/matters/complaint/CP-0", READ, 404),
    ("GET", "/api/v1/deadlines", READ, 200),
    ("GET", "/api/v1/journal", {"supervisor", "admin"}, 200),
    ("GET", "/openapi.yaml", READ, 200),
    ("POST", "/api/v1/events", {"producer", "admin"}, 400),
    ("GET", "/api/v1/repolicy", {"admin"}, 404),
    ("POST", "/api/v1/repolicy", {"admin"}, 400),
    ("GET", "/api/v1/dlq", {"supervisor", "admin"}, 200),
    ("GET", "/api/v1/dlq/999999", {"supervisor", "admin"}, 404),
    ("POST", "/api/v1/dlq/999999/retry", {"supervisor", "admin"}, 404),
    ("POST", "/api/v1/dlq/999999/discard", {"supervisor", "admin"}, 404),
    ("GET", "/api/v1/silences", READ, 200),
    ("POST", "/api/v1/silences", {"supervisor", "admin"}, 400),
    ("DELETE", "/api/v1/silences/S-0", {"supervisor", "admin"}, 400),
    ("POST", "/api/v1/matters/complaint/CP-0/escalate", {"supervisor", "admin"}, 400),
    ("POST", "/api/v1/notifications/x/acknowledge", {"supervisor", "admin"}, 400),
]


@pytest.fixture
def closed_town(broker, build):
    """A running town whose HTTP interface asks for tokens; they come from a file, a credential and variables."""
    town = build(broker.bootstrap)
    installation = town.installation
    installation.ask_for_tokens(
        tokens_yaml=TOKENS_FILE, viewer_token=TOKENS["viewer"] + "\n", supervisor=TOKENS["supervisor"]
    )
    town.daemon.start(**variables(installation))
    yield town
    said = [file.read_text() for file in installation.folder.glob("run-*")]
    for token in TOKENS.values():
        assert not any(token in text for text in said), "a token is in the log"


def variables(installation) -> dict:
    return {
        "CREDENTIALS_DIRECTORY": str(installation.folder),
        "DUTYCLOCK_ADMIN": TOKENS["admin"],
        "REGISTRY_TOKEN": TOKENS["producer"],
    }


def ask(town, method, path, token=None, scheme="Bearer"):
    headers = {"authorization": f"{scheme} {token}"} if token else {}
    return requests.request(method, town.installation.url + path, headers=headers, timeout=30)


def test_each_role_reaches_its_paths_and_no_other(closed_town):
    for method, path, roles, answer in PATHS:
        for role in ROLES:
            got = ask(closed_town, method, path, TOKENS[role])
            expected = answer if role in roles else 403
            assert got.status_code == expected, f"{role} {method} {path}: {got.status_code} {got.text[:200]}"
            if expected == 403:
                assert got.headers["www-authenticate"].startswith("Bearer ")
                assert 'error="insufficient_scope"' in got.headers["www-authenticate"]


def test_without_a_known_token_only_health_answers(closed_town):
    strangers = [None, TOKENS["admin"][:-1], TOKENS["admin"] + "x", TOKENS["admin"].upper(), "x"]
    for method, path, _, _ in PATHS:
        for token in strangers:
            got = ask(closed_town, method, path, token)
            assert got.status_code == 401, f"{method} {path} with {token}: {got.status_code}"
            challenge = got.headers["www-authenticate"]
            assert challenge.startswith("Bearer ")
            assert ("invalid_token" in challenge) == (token is not None)
    assert ask(closed_town, "GET", "/api/v1/status", TOKENS["admin"], scheme="Basic").status_code == 401
    assert ask(closed_town, "GET", "/api/v1/status", TOKENS["admin"], scheme="bearer").status_code == 200
    for path in ("/healthz", "/readyz"):
        assert ask(closed_town, "GET", path).status_code == 200


def test_commands_show_a_token(closed_town):
    command = closed_town.daemon.command
    refused = command("dlq", "list")
    assert refused.returncode == 65
    assert "DUTYCLOCK_TOKEN" in refused.stderr
    assert command("dlq", "list", "--token", TOKENS["supervisor"]).returncode == 0
    assert command("dlq", "discard", 1, "--reason", "x", "--token", TOKENS["viewer"]).returncode == 65
    url = closed_town.installation.url
    assert run("dlq", "list", "--url", url, DUTYCLOCK_TOKEN=TOKENS["admin"]).returncode == 0
    wrong = run("dlq", "list", "--url", url, DUTYCLOCK_TOKEN="secret\nheader: x")
    assert wrong.returncode == 64
    assert "secret" not in wrong.stderr


def test_a_reload_exchanges_the_tokens(closed_town):
    (closed_town.installation.folder / "viewer.token").write_text("another-viewer-0123456789")
    closed_town.daemon.reload()
    eventually(lambda: ask(closed_town, "GET", "/metrics", "another-viewer-0123456789").status_code == 200)
    assert ask(closed_town, "GET", "/metrics", TOKENS["viewer"]).status_code == 401
    assert ask(closed_town, "GET", "/metrics", TOKENS["admin"]).status_code == 200
    (closed_town.installation.folder / "viewer.token").write_text("short")
    closed_town.daemon.reload()
    eventually(lambda: closed_town.daemon.logged("service.reloadRejected"))
    assert ask(closed_town, "GET", "/metrics", "another-viewer-0123456789").status_code == 200
