"""Shadow mode: everything is decided and recorded, and nothing leaves."""

import json

from support import events
from support.waiting import always, eventually


def test_everything_is_recorded_and_nothing_leaves(broker, build):
    town = build(broker.bootstrap, shadow="true")
    town.daemon.start()
    number = events.number("CP")
    matter = f"complaint/{number}"
    town.send(events.filed(number, town.enterprise(), events.now()))

    def sent():
        told = town.daemon.notifications(matter, "N10")
        return told and all(one["state"] == "sent" for one in told)

    eventually(sent, what="recorded as sent")
    always(lambda: not town.receiver.told(matter, "N10"), during=2, what="nobody is told")
    status, body = town.daemon.api.request("GET", "/readyz")
    assert (status, json.loads(body)["shadow"]) == (200, True)
    assert town.daemon.api.get("/api/v1/status")["shadow"] is True
    assert town.daemon.metric("shadow") == 1
    assert town.daemon.logged(duty__shadow=True)
