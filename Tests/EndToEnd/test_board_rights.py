"""What the board shows depends on who looks: shares to their owners, restricted matters to discipline alone."""

import re

import pytest
import requests
from support import events
from support.events import LEADER, STAFF
from support.waiting import eventually

TOKENS = {
    "officer": "officer-token-0123456789",
    "watcher": "watcher-token-0123456789",
    "head": "head-token-0123456789012",
    "discipline": "discipline-token-01234567",
}
FILE = f"""\
tokens:
  - {{ name: officer, role: viewer, person: {STAFF}, token: {{ file: officer.token }} }}
  - {{ name: watcher, role: viewer, token: {{ file: watcher.token }} }}
  - {{ name: head, role: supervisor, token: {{ file: head.token }} }}
  - {{ name: discipline, role: viewer, discipline: true, token: {{ file: discipline.token }} }}
"""


@pytest.fixture(scope="module")
def guarded(broker, tmp_path_factory):
    from conftest import Town

    town = Town(tmp_path_factory.mktemp("rights"), broker.bootstrap)
    tokens = {f"{name}_token": token for name, token in TOKENS.items()}
    town.installation.ask_for_tokens(tokens_yaml=FILE, **tokens)
    town.daemon.start()
    enterprise = town.enterprise()
    town.fine, town.clue = events.number("FN"), events.number("CL")
    town.send(events.fine_issued(town.fine, enterprise, 100_001, events.ago(minutes=2)))
    town.send(events.fine_attributed(town.fine, enterprise, events.ago(minutes=1)))
    clue = {"clueId": town.clue, "direction": "discipline>dept", "at": events.stamp(events.now())}
    town.send(events.event("clue.transferred", f"clue/{town.clue}", clue, events.now()))
    town.complaint, _ = town.complain(enterprise, events.now())
    eventually(lambda: look(town, f"/matters/clue/{town.clue}", "head").status_code == 200)
    eventually(lambda: town.fine in look(town, "/ledger", "head").text)
    eventually(lambda: look(town, f"/matters/complaint/{town.complaint}", "head").status_code == 200)
    yield town
    town.close()


def look(town, path, who):
    headers = {"authorization": f"Bearer {TOKENS[who]}", "accept": "text/html"}
    return requests.get(town.installation.url + path, headers=headers, timeout=30)


def test_a_share_is_shown_to_its_owner_and_to_those_whose_work_it_is(guarded):
    everything = look(guarded, "/ledger", "head").text
    assert everything.count("¥250.00") >= 2 and "司徒静澜" in everything and "欧阳慕白" in everything
    own = look(guarded, "/ledger", "officer").text
    assert "司徒静澜" in own and "欧阳慕白" not in own and "¥500.00" not in own
    others = look(guarded, "/ledger", "watcher").text
    assert "¥250.00" not in others and "司徒静澜" not in others and LEADER not in others
    # Nor does the page of the fine itself.
    assert "¥" not in look(guarded, f"/matters/fine/{guarded.fine}", "watcher").text


def test_a_restricted_matter_is_a_number_and_a_limit(guarded):
    path = f"/matters/clue/{guarded.clue}"
    for who in ("officer", "watcher", "head"):
        page = look(guarded, path, who).text
        assert guarded.clue in page and "限制查阅" in page
        assert "线索" not in page.split("</nav>")[1].replace("线索 " + guarded.clue, "")
        for listing in ("/", "/matters?type=clue", "/deadlines", "/alerts"):
            assert "双反馈" not in look(guarded, listing, who).text, f"{who} {listing}"
    assert "双反馈" in look(guarded, path, "discipline").text


def test_the_audit_is_for_those_whose_work_the_ledger_is(guarded):
    assert look(guarded, "/audit", "head").status_code == 200
    assert look(guarded, "/audit", "officer").status_code == 403
    assert 'href="/audit"' not in look(guarded, "/", "officer").text
    assert "双反馈" not in look(guarded, "/audit", "head").text


def test_nobody_sees_a_page_without_signing_in(guarded):
    url = guarded.installation.url
    for path in ("/", "/matters", f"/matters/complaint/{guarded.complaint}", "/audit"):
        answer = requests.get(url + path, headers={"accept": "text/html"}, timeout=30, allow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login?next=")
    assert requests.get(url + "/api/v1/stream", timeout=30).status_code == 401


def test_a_browser_signs_in_and_looks_around(guarded):
    url = guarded.installation.url
    browser = requests.Session()
    browser.headers["accept"] = "text/html"
    page = browser.get(url + "/matters", timeout=30)
    assert page.url.startswith(url + "/login")
    proof = re.search(r'name="csrf" value="([^"]*)"', page.text)
    form = {"token": TOKENS["head"], "next": "/matters"} | ({"csrf": proof[1]} if proof else {})
    page = browser.post(page.url, data=form, headers={"origin": url}, timeout=30)
    assert page.status_code == 200 and guarded.complaint in page.text, page.text[:500]
    assert "no-store" in page.headers["cache-control"]
    out = re.search(r'action="/logout".*?value="([^"]+)"', page.text, re.DOTALL)[1]
    browser.post(url + "/logout", data={"csrf": out}, headers={"origin": url}, timeout=30)
    assert browser.get(url + "/matters", timeout=30).url.startswith(url + "/login")
