"""The expectations as a page for people."""

STATES = {"inTime": "in time", "late": "late", "open": "overdue, open", "cancelled": "cancelled",
          "breachedStopped": "overdue, then stopped", "running": "running"}

INTRO = """# What the sample day should give

Written by `generate-day.py` together with `day.jsonl`; do not edit by hand. The same numbers stand in `expected.json`.
They hold for {at}, with every line taken in the order of `arrivedat` and the clock standing at that
moment when the line arrives.

How to read the words: a *breach withdrawn* had been raised at the time and was taken back by a fact that came later.
*Overdue, then stopped* is a breach that stays on record although the complaint was withdrawn before anybody answered.
*Cancelled* are clocks stopped before they ran out. A clock that was met stays met, whatever happens to the complaint
afterwards. *Fallen due* are the clocks whose limit has passed, cancelled ones left out.
Assignments hold from `from` up to, not including, `to`; a bare date means its midnight.
"""


def fen(amount):
    return f"{amount:,}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def page(result, complaints):
    parts = [INTRO.format(at=result["evaluatedAt"]), "## Input\n", inputs(result), "## Appeals (article 22)\n",
             appeals(result), "### Cases made on purpose\n", purposes(result, complaints),
             "## Reports beforehand (article 25)\n", gates(result), "## Shares of fines (article 22)\n", money(result)]
    return "\n".join(parts)


def inputs(result):
    names = {"lines": "lines", "accepted": "accepted events", "duplicates": "duplicates without effect",
             "rejected": "dead letters (one not JSON, one without `filedAt`)", "unknownTypes": "unknown type, skipped",
             "orphans": "complaints with a response but no filing", "backDated": "responses and reports entered more than 24 h later"}
    return table(["what", "number"], [(text, result[key]) for key, text in names.items()])


def appeals(result):
    def row(label, response, solution):
        return label, result[response], result[solution]

    rows = [row("fallen due", "responseDue", "solutionDue"), row("in time", "respondedInTime", "solvedInTime"),
            row("late", "respondedLate", "solvedLate"), row("overdue, open", "responseOpen", "solutionOpen"),
            row("overdue, then stopped", "responseBreachedStopped", "solutionBreachedStopped"),
            row("still running", "responseRunning", "solutionRunning")]
    text = f"{result['appeals']} appeals have the two clocks; a reopened one has them again in its second cycle.\n\n"
    text += table(["", "response, 30 min", "solution, 24 h"], rows)
    text += f"\nClocks cancelled: {result['cancelled']}. Breaches withdrawn: {result['breachesWithdrawn']} ("
    text += ", ".join(f"`{each}`" for each in result["withdrawnBreaches"])
    return text + f").\nBreaches that stand and exist only because the filing arrived late: {result['lateIngest']}.\n"


def purposes(result, complaints):
    rows = []
    for number, enterprise, note in complaints:
        cycles = result["matters"].get(number)
        told = "; ".join(f"{STATES[cycle['response']]} / {STATES[cycle['solution']]}" for cycle in cycles.values()) if cycles else "no clock"
        rows.append((number, enterprise, note, told))
    return table(["complaint", "enterprise", "what is special", "response / solution, per cycle"], rows)


def gates(result):
    text = (f"Satisfied: {result['gateSatisfied']}, of which {result['gateWithdrawn']} only after a violation had been raised and "
            f"taken back. Standing violations: {result['gateViolations']}. Out of scope: {result['gateOutOfScope']}.\n\n")
    words = {"satisfied": "satisfied", "withdrawn": "satisfied, violation withdrawn", "violated": "violation",
             "outOfScope": "out of scope, no linked leader"}
    return text + table(["act", "result"], [(number, words[state]) for number, state in result["gates"].items()])


def money(result):
    text = ("All amounts in fen. Share = half of the amount, rounded down. Leaders and staff split it 1 : 1, the odd fen goes to the\n"
            "leaders; inside a role everybody bears the same, odd fen to the lowest reference first. A role without anybody is held.\n\n")
    rows = []
    for number, fine in result["perFine"].items():
        rows.append((number, fine["enterpriseId"], fine["revision"], fen(fine["amountFen"]),
                     {True: "yes", False: "no", None: "undecided"}[fine["attributable"]], working(fine)))
    text += table(["fine", "enterprise", "revision", "amount", "attributable", "working"], rows)
    text += "\n### Final ledger\n\n" + table(["person", "fen", "from"], ledger(result))
    total, shares = sum(result["ledger"].values()), sum(fine["shareFen"] for fine in result["perFine"].values())
    return text + f"\nHeld: {fen(result['heldFen'])}. Persons {fen(total)} + held {fen(result['heldFen'])} = shares {fen(shares)}.\n" + (
        "People whose entries add up to nothing are not listed.\n")


def working(fine):
    if not fine["shareFen"]:
        return "0"

    def role(word, total, people):
        parts = ", ".join(f"{person} {fen(amount)}" for person, amount in people.items()) or "held"
        return f"{word} {fen(total)} → {parts}"

    return (f"⌊{fen(fine['amountFen'])} / 2⌋ = {fen(fine['shareFen'])}; "
            + role("leaders", fine["leaderTotalFen"], fine["leaders"]) + "; " + role("staff", fine["staffTotalFen"], fine["staff"]))


def ledger(result):
    for person, total in result["ledger"].items():
        terms = [(number[-2:], (fine["leaders"] | fine["staff"])[person]) for number, fine in result["perFine"].items()
                 if person in fine["leaders"] | fine["staff"]]
        yield person, fen(total), " + ".join(f"{fen(amount)} (…{number})" for number, amount in terms)
