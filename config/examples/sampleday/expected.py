"""What the day should give, worked out from its lines alone.

This is a second, deliberately plain reading of the rules. It shares no code with the daemon and takes its
arguments from nothing but the lines, so that the two can be held against each other.
"""

from datetime import timedelta

from .log import Log, read

HALF_HOUR, DAY, GRACE, SKEW = timedelta(minutes=30), timedelta(hours=24), timedelta(hours=2), timedelta(minutes=5)


def own_time(event):
    data = event["data"]
    return read(data.get("respondedAt") or data.get("proposedAt") or data.get("at"))


class Appeals:
    """Both article 22 clocks of every appeal, as they look at one moment."""

    def __init__(self, events, now):
        self.now = now
        self.in_park = {e["data"]["enterpriseId"]: e["data"]["inPark"] for e in events if e["kind"] == "enterprise.registered"}
        self.gone = {e["data"]["enterpriseId"]: read(e["data"]["at"]) for e in events
                     if e["kind"] == "enterprise.deregistered" and e["data"]["reason"] != "merged"}
        self.facts, self.filed = {}, {}
        for event in events:
            if event["kind"] == "complaint.filed":
                self.filed[event["data"]["complaintId"]] = event
            elif event["kind"].startswith("complaint."):
                self.facts.setdefault(event["data"]["complaintId"], []).append(event)

    def clocked(self):
        return sorted(number for number, event in self.filed.items()
                      if event["data"]["kind"] == "appeal" and self.in_park.get(event["data"]["enterpriseId"]))

    def all(self):
        """(number, cycle, clock) → obligation."""
        found = {}
        for number in self.clocked():
            for cycle, (response, solution) in enumerate(self.cycles(number), start=1):
                found[number, cycle, "response"] = response
                found[number, cycle, "solution"] = solution
        return found

    def cycles(self, number):
        filed = self.filed[number]
        start = read(filed["data"]["filedAt"])
        if start - filed["arrived"] > SKEW:
            start = filed["arrived"]
        stop = self.gone.get(filed["data"]["enterpriseId"])
        cycles = [{"start": start, "arrived": filed["arrived"], "response": None, "solution": None, "resolved": False}]
        for fact in sorted(self.facts.get(number, []), key=own_time):
            at = own_time(fact)
            if stop and at > stop:
                break
            if fact["kind"] == "complaint.withdrawn":
                stop = at
            elif fact["kind"] == "complaint.reopened":
                if cycles[-1]["resolved"]:
                    cycles.append({"start": at, "arrived": fact["arrived"], "response": None, "solution": None, "resolved": False})
            else:
                self.count(fact, at, cycles[-1])
        return [[self.judge(cycle, name, within, stop) for name, within in (("response", HALF_HOUR), ("solution", DAY))]
                for cycle in cycles]

    def count(self, fact, at, cycle):
        data, kind = fact["data"], fact["kind"]
        proposed, resolved = kind == "complaint.solution.proposed", kind == "complaint.resolved"
        human = (kind == "complaint.responded" and data["by"]["role"] in ("park.staff", "park.leader")
                 and not data.get("auto", False))
        if human or proposed or resolved:
            cycle["response"] = cycle["response"] or at
        if proposed or resolved and data["outcome"] in ("done", "replied"):
            cycle["solution"] = cycle["solution"] or at
        cycle["resolved"] = cycle["resolved"] or resolved

    def judge(self, cycle, name, within, stop):
        due, met = cycle["start"] + within, cycle[name]
        if met:
            state = "inTime" if met <= due else "late"
        elif stop:
            state = "cancelled" if stop <= due else "breachedStopped"
        else:
            state = "open" if self.now >= due else "running"
        return {"state": state, "due": due, "met": met, "late": cycle["arrived"] > due}


BREACHED = ("late", "breachedStopped", "open")


def complaint_moments(log, evaluated):
    """Every moment at which somebody could have been told something new about an appeal."""
    final = Appeals(log.known(evaluated), evaluated).all().values()
    moments = {event["arrived"] for event in log.events} | {each["due"] for each in final}
    for event in log.events:  # dues that a later correction has moved
        if event["kind"] == "complaint.filed":
            moments |= {min(read(event["data"]["filedAt"]), event["arrived"]) + within for within in (HALF_HOUR, DAY)}
    return sorted(moment for moment in moments if moment <= evaluated)


def judge_appeals(log, evaluated):
    said = set()
    for now in complaint_moments(log, evaluated):
        said |= {key for key, each in Appeals(log.known(now), now).all().items() if each["state"] in BREACHED}
    view = Appeals(log.known(evaluated), evaluated)
    final = view.all()

    def count(clock, *states):
        return sum(key[2] == clock and each["state"] in states for key, each in final.items())

    result = {"appeals": len(view.clocked())}
    for clock, word in (("response", "responded"), ("solution", "solved")):
        result |= {
            f"{clock}Due": sum(key[2] == clock and each["due"] <= evaluated and each["state"] != "cancelled"
                              for key, each in final.items()),
            f"{word}InTime": count(clock, "inTime"),
            f"{word}Late": count(clock, "late"),
            f"{clock}Open": count(clock, "open"),
            f"{clock}BreachedStopped": count(clock, "breachedStopped"),
            f"{clock}Running": count(clock, "running"),
        }
    withdrawn = [key for key in said if key not in final or final[key]["state"] not in BREACHED]
    result["breachesWithdrawn"] = len(withdrawn)
    result["cancelled"] = count("response", "cancelled") + count("solution", "cancelled")
    result["lateIngest"] = sum(each["late"] and each["state"] in BREACHED for each in final.values())
    return result, final, sorted(withdrawn)


class Roster:
    def __init__(self, events):
        entries = {}
        for event in events:
            if event["kind"].startswith("roster."):
                entries.setdefault(event["data"]["assignmentId"], {}).update(event["data"])
        self.entries = list(entries.values())

    def serving(self, enterprise, role, at):
        """Backups never count; an assignment holds from its `from` up to, not including, its `to`."""
        return sorted({entry["personRef"] for entry in self.entries
                       if entry["role"] == role and entry["scope"].get("enterpriseId") == enterprise
                       and not entry.get("backup") and read(entry["from"]) <= at
                       and not (entry.get("to") and read(entry["to"]) <= at)})


def gate_state(act, events, roster, now):
    """satisfied, violated, waiting or outOfScope."""
    data, kind = act["data"], act["kind"].split(".")[0]
    number, at = (data["caseId"], read(data["openedAt"])) if kind == "case" else (data["penaltyId"], read(data["decidedAt"]))
    linked = roster.serving(data["enterpriseId"], "county.linked", at)
    if not linked:
        return "outOfScope"
    for event in events:
        report = event["data"]
        if event["kind"] != "report.made" or (report["subjectType"], report["subjectId"]) != (kind, number):
            continue
        right = (report["toRole"] == "county.linked" and report["toPersonRef"] in linked if kind == "case"
                 else report["toRole"] == "county.secretary")
        if right and read(report["reportedAt"]) < at:
            return "satisfied"
    return "violated" if now >= at + GRACE else "waiting"


def judge_gates(log, evaluated):
    acts = [event for event in log.known(evaluated) if event["kind"] in ("case.opened", "penalty.decided")]
    moments = {event["arrived"] for event in log.events}
    moments |= {read(act["data"].get("openedAt") or act["data"].get("decidedAt")) + GRACE for act in acts}
    said, states = set(), {}
    for now in sorted(moment for moment in moments if moment < evaluated) + [evaluated]:
        events = log.known(now)
        roster = Roster(events)
        for act in acts:
            if act["arrived"] <= now:
                number = act["data"].get("penaltyId") or act["data"]["caseId"]
                states[number] = gate_state(act, events, roster, now)
                said |= {number} if states[number] == "violated" else set()
    for number in said:
        if states[number] == "satisfied":
            states[number] = "withdrawn"
    values = list(states.values())
    return {"gateViolations": values.count("violated"), "gateWithdrawn": values.count("withdrawn"),
            "gateSatisfied": values.count("satisfied") + values.count("withdrawn"),
            "gateOutOfScope": values.count("outOfScope")}, states


def split(total, count):
    """Equal whole parts; what is left over goes to the first ones, one fen each."""
    return [total // count + (place < total % count) for place in range(count)] if count else []


def judge_fine(issued, events, roster):
    data = issued["data"]
    amounts = {data["revision"]: data["amountFen"]}
    decisions = []
    for event in events:
        if event["data"].get("fineId") != data["fineId"]:
            continue
        if event["kind"] in ("fine.revised", "fine.revoked"):
            amounts[event["data"]["revision"]] = event["data"].get("amountFen", 0)
        elif event["kind"] == "fine.attributed":
            decisions.append(event["data"])
    revision = 1
    while revision + 1 in amounts:
        revision += 1
    decision = max(decisions, key=lambda each: read(each["at"]), default=None)
    attributable = decision["attributable"] if decision else None
    amount = amounts[revision]
    share = amount // 2 if attributable else 0
    leaders_total, staff_total = split(share, 2)
    held, persons, roles = 0, {}, {}
    for role, total in (("park.leader", leaders_total), ("park.staff", staff_total)):
        people = roster.serving(data["enterpriseId"], role, read(data["decidedAt"]))
        roles[role] = dict(zip(people, split(total, len(people)))) if total else {}
        persons |= roles[role]
        held += 0 if people else total
    return {"enterpriseId": data["enterpriseId"], "amountFen": amount, "revision": revision, "attributable": attributable,
            "shareFen": share, "restFen": amount - share, "leaderTotalFen": leaders_total, "staffTotalFen": staff_total,
            "leaders": roles["park.leader"], "staff": roles["park.staff"], "heldFen": held}


def judge_fines(log, evaluated):
    events = log.known(evaluated)
    roster = Roster(events)
    per_fine = {event["data"]["fineId"]: judge_fine(event, events, roster)
                for event in events if event["kind"] == "fine.issued"}
    ledger = {}
    for fine in per_fine.values():
        for person, fen in [*fine["leaders"].items(), *fine["staff"].items()]:
            ledger[person] = ledger.get(person, 0) + fen
    return {"ledger": dict(sorted(ledger.items())), "heldFen": sum(fine["heldFen"] for fine in per_fine.values()),
            "perFine": dict(sorted(per_fine.items()))}


def judge(lines, evaluated):
    log = Log(lines)
    appeals, obligations, withdrawn = judge_appeals(log, evaluated)
    gates, states = judge_gates(log, evaluated)
    known = log.known(evaluated)
    complaints = {event["data"]["complaintId"] for event in log.events if event["kind"] == "complaint.filed"}
    orphans = {event["data"]["complaintId"] for event in known
               if event["kind"].startswith("complaint.") and event["data"]["complaintId"] not in complaints}
    matters = {}
    for (number, cycle, clock), each in obligations.items():
        matters.setdefault(number, {}).setdefault(str(cycle), {})[clock] = each["state"]
    return {
        "evaluatedAt": evaluated.isoformat(timespec="seconds"),
        "lines": len(lines), "accepted": len(log.events), "duplicates": log.duplicates,
        "rejected": len(log.rejected), "unknownTypes": len(log.unknown), "orphans": len(orphans),
        "backDated": sum(event["kind"] in ("complaint.responded", "report.made") and event["recorded"] - event["time"] > DAY
                         for event in known),
        **appeals, **gates, **judge_fines(log, evaluated),
        "withdrawnBreaches": ["/".join(map(str, key)) for key in withdrawn], "gates": dict(sorted(states.items())),
        "matters": matters,
    }
