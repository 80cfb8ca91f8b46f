"""Browsers sign in by a token or at an OpenID Connect issuer; programs show the issuer's tokens."""

import re

import pytest
import requests

from support.issuer import CLIENT, CLIENT_SECRET, Issuer
from support.waiting import eventually

TOKEN = "supervisor-token-0123456789"
HTTP = """\
  publicURL: {url}
  tokens: tokens.yaml
  oidc:
    issuer: {issuer}
    audience: dutyclock
    clientId: {client}
    clientSecret: {{ file: client.secret }}
    roleClaim: groups
    roles: {{ supervisors: supervisor, watchers: viewer }}
"""


@pytest.fixture
def issuer(tmp_path):
    issuer = Issuer(tmp_path / "issuer")
    yield issuer
    issuer.close()


@pytest.fixture
def town_with_issuer(broker, build, issuer):
    town = build(broker.bootstrap)
    installation = town.installation
    main = installation.file.read_text(encoding="utf-8")
    section = HTTP.format(url=installation.url, issuer=issuer.url, client=CLIENT)
    main, count = re.subn("  publicURL: .*\n", "", main)
    assert count == 1
    installation.file.write_text(main, encoding="utf-8")
    installation.ask_for_tokens(
        section,
        client_secret=CLIENT_SECRET,
        supervisor_token=TOKEN,
        tokens_yaml="tokens:\n  - { name: head, label: 主任, person: P-1001, role: supervisor, token: { file: supervisor.token } }\n",
    )
    town.daemon.start()
    yield town
    said = "".join(file.read_text() for file in installation.folder.glob("run-*"))
    for secret in (TOKEN, CLIENT_SECRET, "eyJ"):
        assert secret not in said, "a secret is in the log"


def test_a_person_signs_in_at_the_issuer_and_out_again(town_with_issuer):
    url = town_with_issuer.installation.url
    browser = requests.Session()
    page = browser.get(url + "/", headers={"accept": "text/html"}, timeout=30)
    assert page.url == url + "/login?next=%2F"
    assert "unsafe" not in page.headers["content-security-policy"]
    link = re.search(r'href="(/login/oidc[^"]*)"', page.text)[1].replace("&amp;", "&")
    # To the issuer and back, and then on by a page of ours.
    arrived = browser.get(url + link, timeout=30)
    assert arrived.status_code == 200, arrived.text
    assert 'http-equiv="refresh" content="0; url=' in arrived.text
    assert browser.get(url + "/", timeout=30).status_code == 200
    assert browser.get(url + "/api/v1/ledger", timeout=30).status_code == 200
    assert browser.get(url + "/api/v1/repolicy", timeout=30).status_code == 403
    # No form of ours brought this.
    assert browser.post(url + "/logout", timeout=30).status_code == 403
    assert browser.get(url + "/api/v1/ledger", timeout=30).status_code == 200
    assert town_with_issuer.daemon.logged(message="signed in")[-1]["duty.by"] == "u-17"


def test_a_person_signs_in_by_a_token(town_with_issuer):
    url = town_with_issuer.installation.url
    wrong = requests.post(url + "/login", data={"token": "no-such-token-0123456789"}, timeout=30)
    assert wrong.status_code == 401
    assert "令牌不对" in wrong.text
    browser = requests.Session()
    right = browser.post(url + "/login", data={"token": TOKEN, "next": "/api/v1/status"}, timeout=30)
    assert right.status_code == 200 and right.url == url + "/api/v1/status"
    english = requests.get(url + "/login", headers={"accept-language": "en-GB"}, timeout=30)
    assert "Access token" in english.text


def test_programs_show_tokens_of_the_issuer_and_keys_change(town_with_issuer, issuer):
    url = town_with_issuer.installation.url + "/api/v1/ledger"

    def ask(token):
        return requests.get(url, headers={"authorization": "Bearer " + token}, timeout=30).status_code

    assert ask(issuer.token()) == 200
    assert ask(issuer.token(groups=["watchers"])) == 403
    assert ask(issuer.token(aud="another")) == 401
    assert ask(issuer.token(iss="http://127.0.0.1:1/realm")) == 401
    assert ask(issuer.token(exp=1)) == 401
    old = issuer.token()
    issuer.rotate("second")
    # An unknown key makes the daemon ask, at most every 15 seconds.
    eventually(lambda: ask(issuer.token()) == 200, within=40)
    assert ask(old) == 401
