"""Histories of other matters than appeals, with what must have come of each, worked out from what was sent."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from support import events
from support.events import LEADER, LINKED, OFFICE, SECRETARY, STAFF

# How many histories have begun and not ended; what follows comes with a later step.
UNDER_WAY = 12
# Said of a matter: it turned out not to hold.
TAKEN_BACK = "N25"


@dataclass
class History:
    matter: str
    steps: list[dict]
    judge: Callable[[dict], list[str]]
    sent: set[str] = field(default_factory=set)

    def problems(self, matter, ledger) -> list[str]:
        found = {one["id"] for one in (matter or {"facts": []})["facts"]}
        if found != self.sent:
            return [f"{self.matter}: facts {found}, sent {self.sent}"]
        return [f"{self.matter}: {one}" for one in self.judge(matter | {"ledger": ledger})]


class Histories:
    """Fines with their shares, gates, corrections and voids, a step at a time."""

    def __init__(self, put, source: random.Random, enterprises: list[str]):
        self.put = put
        self.random = source
        self.enterprises = enterprises
        self.all: list[History] = []
        self.open: list[History] = []

    def step(self):
        """Begins a history if few are under way, and sends the next event of one of them."""
        if len(self.open) < UNDER_WAY:
            self.begin()
        self.send(self.random.choice(self.open))

    def begin(self):
        kinds = [self.fine, self.fine, self.case, self.penalty, self.corrected, self.voided]
        history = self.random.choice(kinds)(self.random.choice(self.enterprises))
        self.all.append(history)
        self.open.append(history)

    def send(self, history: History):
        event = history.steps.pop(0)
        history.sent.add(event["id"])
        self.put(event)
        if not history.steps:
            self.open.remove(history)

    def finish(self):
        while self.open:
            self.send(self.open[0])

    # The ledger: half of the fine, 1 : 1 between the roles, the odd fen to the leader.

    def fine(self, enterprise: str) -> History:
        fine, fen = events.number("FN"), self.random.randint(100, 50_000_000)
        attributable = self.random.random() < 0.8
        steps = [
            events.fine_issued(fine, enterprise, fen, events.ago(minutes=5)),
            events.fine_attributed(fine, enterprise, events.ago(minutes=1), attributable=attributable),
        ]
        fate = self.random.random()
        if fate < 0.4:
            fen = self.random.randint(100, 50_000_000)
            steps.append(events.fine_revised(fine, enterprise, 2, fen, events.now()))
        elif fate < 0.6:
            fen = 0
            steps.append(events.fine_revoked(fine, enterprise, 2, events.now()))
        half = fen // 2 if attributable else 0
        expected = {STAFF: half // 2, LEADER: half - half // 2}

        def judge(matter):
            owed = {one["personRef"]: one["amountFen"] for one in matter["ledger"]["balances"]}
            posted = dict.fromkeys(expected, 0)
            for entry in matter["ledger"]["entries"]:
                posted[entry["personRef"]] = posted.get(entry["personRef"], 0) + entry["amountFen"]
            if posted != expected or {person: owed.get(person, 0) for person in expected} != expected:
                yield f"owed {owed}, posted {posted}, expected {expected}"
            if not attributable and matter["ledger"]["entries"]:
                yield "entries without a cause"
            states = {one["state"] for one in matter["obligations"] if one["ruleId"] == "A22.attribution"}
            if not states <= {"met", "cancelled"}:
                yield f"attribution {states}"

        return History(f"fine/{fine}", steps, lambda matter: list(judge(matter)))

    # Gates: a case and a penalty, each of three hours ago, reported before or not, in either order.

    def case(self, enterprise: str) -> History:
        case, at = events.number("CS"), events.ago(hours=3)
        opened = events.case_opened(case, enterprise, at)
        report = events.reported("case", case, enterprise, at - timedelta(hours=1))
        return self.gate(f"case/{case}", opened, report, "A25.case", "N60", [LINKED, OFFICE])

    def penalty(self, enterprise: str) -> History:
        penalty, at = events.number("PN"), events.ago(hours=3)
        decided = events.penalty_decided(penalty, events.number("CS"), enterprise, at)
        report = events.reported(
            "penalty", penalty, enterprise, at - timedelta(hours=1), SECRETARY, "county.secretary"
        )
        return self.gate(f"penalty/{penalty}", decided, report, "A25.penalty", "N61", [OFFICE, SECRETARY])

    def gate(self, matter: str, act: dict, report: dict, rule: str, code: str, people: list[str]) -> History:
        is_reported = self.random.random() < 0.5
        steps = [act, report] if is_reported else [act]
        self.random.shuffle(steps)

        def judge(matter):
            gates = [one["state"] for one in matter["obligations"] if one["ruleId"] == rule]
            if gates != ["met" if is_reported else "breached"]:
                yield f"{rule} {gates}, reported: {is_reported}"
            told = people_told(matter, code)
            if told not in ([], sorted(people)) or (not is_reported and not told):
                yield f"{code} to {told}, reported: {is_reported}"
            if is_reported and people_told(matter, "N64") != told:
                yield f"{code} to {told}, taken back from {people_told(matter, 'N64')}"

        return History(matter, steps, lambda matter: list(judge(matter)))

    # A time that was wrong, and a complaint that never was.

    def corrected(self, enterprise: str) -> History:
        number = events.number("CR")
        filed = events.filed(number, enterprise, events.ago(minutes=40))
        right = events.ago(minutes=2)
        patch = {"filedAt": events.stamp(right)}
        steps = [filed, events.corrected(filed, enterprise, events.now(), patch)]

        def judge(matter):
            response = [one for one in matter["obligations"] if one["ruleId"] == "A22.response"]
            if [(one["state"], one["breachedAt"]) for one in response] != [("open", None)]:
                state = response and response[0]["state"]
                # The load may go on until the corrected limit is over as well.
                if not (state == "breached" and events.now() >= right + events.HALF_HOUR):
                    yield f"response {response}"
            due = events.moment(response[0]["dueAt"]) if response else None
            if due and abs(due - right - events.HALF_HOUR) > timedelta(milliseconds=1):
                yield f"due {due}, corrected to {right}"
            if events.now() < right + events.HALF_HOUR and people_told(matter, "N13") != people_told(matter, TAKEN_BACK):
                yield f"alarmed {people_told(matter, 'N13')}, taken back from {people_told(matter, TAKEN_BACK)}"

        return History(f"complaint/{number}", steps, lambda matter: list(judge(matter)))

    def voided(self, enterprise: str) -> History:
        number = events.number("CV")
        filed = events.filed(number, enterprise, events.now())
        steps = [filed, events.voided(filed, enterprise, events.now())]

        def judge(matter):
            states = {one["state"] for one in matter["obligations"]}
            if not states <= {"withdrawn"}:
                yield f"obligations {states} of a complaint that never was"

        return History(f"complaint/{number}", steps, lambda matter: list(judge(matter)))


def people_told(matter, code) -> list[str]:
    return sorted(one["recipient"]["personRef"] for one in matter["notifications"] if one["code"] == code)
