"""Writing CloudEvents: times, identifiers and the order of arrival."""

import copy
import json
import random
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def moment(text):
    """Reads "23 08:12", "23 08:12:30" (November 2026) or "2026-03-01 09:00", all at +08:00."""
    day, clock = text.split(" ")
    if "-" not in day:
        day = "2026-11-" + day
    clock = clock if clock.count(":") == 2 else clock + ":00"
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


def as_moment(value):
    return moment(value) if isinstance(value, str) else value


def rfc3339(value):
    return value.isoformat(timespec="seconds")


def seconds(count):
    return timedelta(seconds=count)


def minutes(count):
    return timedelta(minutes=count)


def hours(count):
    return timedelta(hours=count)


class Day:
    """Collects lines; every random choice comes from one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def emit(self, type, data, at, *, source, subject, key, arrives=None, recorded=None,
             correlation=None, classification="internal"):
        """Adds one event. Unless told otherwise it is recorded and arrives within seconds."""
        at = as_moment(at)
        recorded = as_moment(recorded) or at + seconds(self.random.randint(1, 4))
        arrives = as_moment(arrives) or recorded + seconds(self.random.randint(1, 9))
        line = {
            "specversion": "1.0",
            "type": f"park.{type}.v1",
            "source": source,
            "id": self.ulid(recorded),
            "subject": subject,
            "time": rfc3339(at),
            "recordedtime": rfc3339(recorded),
            "partitionkey": key,
            "sequence": "",
            "correlationid": correlation or subject.split("/")[1],
            "dataclassification": classification,
            "datacontenttype": "application/json",
            "arrivedat": rfc3339(arrives),
            "data": data,
        }
        self.lines.append(line)
        return line

    def repeat(self, line, arrives):
        """The same event once more: equal in everything but the moment of arrival."""
        self.lines.append({"repeats": line, "arrivedat": rfc3339(as_moment(arrives))})

    def raw(self, text, arrives):
        """A record that is no JSON at all."""
        self.lines.append({"raw": text, "arrivedat": rfc3339(as_moment(arrives))})

    def ulid(self, recorded):
        value = (int(recorded.timestamp() * 1000) << 80) | self.random.getrandbits(80)
        return "".join(CROCKFORD[(value >> (5 * place)) & 31] for place in range(25, -1, -1))

    def finished(self, renamed):
        """The lines in order of arrival, sequences filled in, provisional numbers replaced."""
        self.number_sources()
        lines = []
        for line in self.lines:
            if "repeats" in line:
                line = {**copy.deepcopy(line["repeats"]), "arrivedat": line["arrivedat"]}
            text = json.dumps(line, ensure_ascii=False)
            for old, new in renamed.items():
                text = text.replace(old, new)
            lines.append(json.loads(text))
        return sorted(lines, key=lambda line: line["arrivedat"])

    def number_sources(self):
        counts = {}
        events = [line for line in self.lines if "source" in line]
        for line in sorted(events, key=lambda line: line["recordedtime"]):
            counts[line["source"]] = counts.get(line["source"], 0) + 1
            line["sequence"] = f"{counts[line['source']]:012d}"
