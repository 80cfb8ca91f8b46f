"""What comes twice counts once, and nobody is told again."""

import sqlite3

from support import events
from support.events import LEADER, STAFF
from support.waiting import always, eventually


def test_e1_same_event_twice(own_town):
    town = own_town
    enterprise = town.enterprise()
    number = events.number("CP")
    matter = f"complaint/{number}"
    filed = events.filed(number, enterprise, events.now())
    town.send(filed, filed)
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    eventually(lambda: town.daemon.metric("events_total", result="duplicate") == 1)

    town.daemon.restart()
    town.send(filed, filed, filed)
    eventually(lambda: town.daemon.metric("events_total", result="duplicate") == 3)
    assert len(town.daemon.matter(matter)["facts"]) == 1
    assert town.receiver.people(matter, "N10") == sorted([STAFF, "@group"])


def test_e1_same_id_with_other_content_changes_nothing(own_town):
    town = own_town
    enterprise = town.enterprise()
    number = events.number("CP")
    filed = events.filed(number, enterprise, events.now())
    town.send(filed)
    town.daemon.wait_for_state(f"complaint/{number}", "open")
    other = events.filed(events.number("CP"), enterprise, events.now()) | {"id": filed["id"]}
    town.send(other)
    _, later = town.complain(enterprise, events.now())
    town.daemon.wait_for_state(later, "open")
    assert town.daemon.matter(f"complaint/{number}")["facts"][0]["data"] == filed["data"]
    assert town.daemon.matter(other["subject"]) is None
    # The batch with the twin was refused and read again; readiness comes back a moment after its commit.
    assert town.daemon.is_alive
    eventually(town.daemon.is_ready, 5, what="ready again")


def test_e26_whole_topic_again_tells_nobody_again(own_town):
    town = own_town
    enterprises = [town.enterprise() for _ in range(3)]
    matters = []
    for enterprise in enterprises:
        complaint, matter = town.complain(enterprise, events.due_in(2))
        matters.append(matter)
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprises[0], 100_001, events.ago(minutes=2)))
    town.send(events.fine_attributed(fine, enterprises[0], events.ago(minutes=1)))
    for matter in matters:
        town.receiver.wait_for(matter, "N13", [STAFF, LEADER, "@group"])
    town.receiver.wait_for(f"fine/{fine}", "N72", [STAFF, LEADER])
    eventually(lambda: all(one["state"] == "sent" for m in matters for one in town.daemon.notifications(m)))
    before = [town.daemon.matter(one) for one in matters]
    ledger = town.daemon.ledger(fine)
    town.daemon.stop()
    with sqlite3.connect(town.installation.database) as db:
        # What the daemon has passed from one matter to another did not come from the topic.
        (facts,) = db.execute("SELECT count(*) FROM fact WHERE source <> 'dutyclock'").fetchone()
    told = len(town.receiver.deliveries)

    # As with a new group that begins at offset 0, and the same store.
    with sqlite3.connect(town.installation.database) as db:
        assert db.execute("DELETE FROM consumed").rowcount > 0
    town.installation.group += ".again"
    town.installation.write()
    town.daemon.start()
    eventually(lambda: town.daemon.metric("events_total", result="duplicate") == facts)
    always(lambda: len(town.receiver.deliveries) == told, during=2, what="nobody is told again")
    assert [town.daemon.matter(one) for one in matters] == before
    assert town.daemon.ledger(fine) == ledger
