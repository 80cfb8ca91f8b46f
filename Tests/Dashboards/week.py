"""Writes a week of a park for `dutyclock demo` to play: every type of event, all fates of a complaint, bad records.

Every free text holds personal data, so that whatever reaches the log unmasked is found. Everything is invented; the
numbers are right in form only. The same bytes in every run.
"""

import copy
import json
import random
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from support.personal import identity_check

PROJECT = Path(__file__).resolve().parents[2]
CONFIG = PROJECT / "config"
SCHEMAS = PROJECT / "docs" / "schemas"
HERE = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, tzinfo=HERE)
DAYS = 7
ENTERPRISES = 24
COMPLAINTS_A_DAY = 40
STAFF = [f"P-103{one}" for one in range(1, 9)]
LEADERS = ["P-0111", "P-0112", "P-0113", "P-0114"]

FAMILY = "司徒 上官 欧阳 诸葛 夏侯 令狐 慕容 独孤 皇甫 尉迟 公孙 长孙 宇文 端木 南宫 东方".split()
GIVEN = "静澜 砚青 慕白 远岫 清和 景行 知秋 行远 望舒".split()
PERSONAL = [
    "请联系{name},电话13812345678",
    "身份证" + (body := "43042119900307001") + identity_check(body),
    "退款到卡6222021234567890128",
    "邮箱 lihua.test@example.org,手机+8617300001111",
]


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


class Week:
    """Collects the lines; every random choice comes from one seed."""

    def __init__(self, names: list[str], seed=20261123):
        self.random = random.Random(seed)
        self.names = names
        self.lines = []
        self.numbers = {}
        self.enterprises = [f"E-{700 + one:06d}" for one in range(ENTERPRISES)]
        # Nobody of the staff serves it, so that their part of a fine is held.
        self.unserved = self.enterprises[-2]

    # The parts of an event.

    def number(self, prefix: str) -> str:
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}-2026-{self.numbers[prefix]:05d}"

    def words(self) -> str:
        """A text as people type it, with something in it that no log may show."""
        return self.random.choice(PERSONAL).format(name=self.random.choice(self.names))

    def hexadecimal(self, count: int) -> str:
        """Without digits: nothing in it looks like a number of somebody."""
        return "".join(self.random.choices("abcdef", k=count))

    def identifier(self) -> str:
        return "".join(self.random.choices("ghijklmnopqrstuv", k=26))

    def emit(self, kind: str, subject: str, data: dict, at: datetime, delay=20, **attributes) -> dict:
        line = {
            "specversion": "1.0", "type": f"park.{kind}.v1", "source": "/hyx/xidu-park/week", "id": self.identifier(),
            "subject": subject, "time": stamp(at), "partitionkey": data.get("enterpriseId") or subject,
            "traceparent": f"00-{self.hexadecimal(32)}-{self.hexadecimal(16)}-01",
            "datacontenttype": "application/json", "arrivedat": stamp(at + timedelta(seconds=delay)),
            "data": data | {"note": self.words(), "contactPhone": "13900001111"},
        } | attributes  # fmt: skip
        self.lines.append(line)
        return line

    # What happens.

    def roster(self):
        at = MONDAY - timedelta(hours=2)
        self.assign(at, "P-0101", "park.head", {"parkId": "xidu"}, "park/xidu")
        for index, enterprise in enumerate(self.enterprises):
            scope, subject = {"enterpriseId": enterprise}, f"enterprise/{enterprise}"
            if enterprise != self.unserved:
                self.assign(at, STAFF[index % 8], "park.staff", scope, subject)
            self.assign(at, LEADERS[index % 4], "park.leader", scope, subject)
            self.assign(at, "P-0006", "county.linked", scope, subject)
            data = {
                "enterpriseId": enterprise, "uscc": f"91430421MA4TX{index:03d}0X", "name": f"衡阳试验{index}厂",
                "registeredAt": "2024-03-01T09:00:00+08:00", "inPark": index % 6 != 5, "parkId": "xidu",
                "aboveScale": index % 3 == 0, "inNormalProduction": True, "investedByPark": index % 2 == 0,
            }  # fmt: skip
            self.emit("enterprise.registered", subject, data, at, partitionkey=enterprise)

    def assign(self, at, person, role, scope, subject):
        data = {
            "assignmentId": self.number("RA"), "personRef": person, "role": role, "scope": scope,
            "from": "2024-03-01", "backup": False,
        }  # fmt: skip
        self.emit("roster.assigned", subject, data, at, partitionkey=scope.get("enterpriseId") or subject)

    def moment(self, day: int, first=8, last=19) -> datetime:
        return MONDAY + timedelta(days=day, hours=first, seconds=self.random.randrange((last - first) * 3600))

    def complaint(self, at: datetime):
        number, enterprise = self.number("CP"), self.random.choice(self.enterprises)
        subject, keys = f"complaint/{number}", {"complaintId": number, "enterpriseId": enterprise}
        filed = self.emit("complaint.filed", subject, keys | {
            "kind": "appeal", "channel": "app", "filedAt": stamp(at), "summary": self.words()[:60],
            "category": self.random.choice(["A22"] * 15 + ["A14.intermediary"]), "contactRef": f"{self.random.choice(self.names)} 13700002222",
        }, at)  # fmt: skip
        fate = self.random.random()
        by = {"personRef": STAFF[self.enterprises.index(enterprise) % 8], "role": "park.staff"}

        def then(kind, minutes, data):
            moment = at + timedelta(minutes=minutes)
            data = {name: stamp(moment) if value == "AT" else value for name, value in data.items()}
            return self.emit(f"complaint.{kind}", subject, keys | data, moment)

        if fate < 0.04:
            then("withdrawn", 12, {"at": "AT", "by": "enterprise", "reason": self.words()})
            return
        if fate < 0.07:
            record = {"targetType": "complaint.filed", "targetId": filed["id"], "enterpriseId": enterprise,
                      "reason": self.words(), "by": {"personRef": "P-2001", "role": "office"}}  # fmt: skip
            moment = at + timedelta(minutes=50)
            patch = {"patch": {"filedAt": stamp(at + timedelta(minutes=25))}} if fate < 0.055 else {}
            kind = "record.corrected" if patch else "record.voided"
            self.emit(kind, subject, record | patch | {"at": stamp(moment)}, moment)
        if fate > 0.97:
            return
        minutes = self.random.randint(2, 28) if fate < 0.8 else self.random.randint(35, 400)
        response = then("responded", minutes, {"respondedAt": "AT", "by": by, "mode": "phone", "auto": False})
        if fate < 0.02 or 0.9 < fate:
            self.lines.append(copy.deepcopy(response) | {"arrivedat": stamp(at + timedelta(minutes=minutes + 3))})
        hours = self.random.randint(2, 20) if fate < 0.85 else self.random.randint(25, 60)
        then("solution.proposed", hours * 60, {
            "proposedAt": "AT", "planRef": self.number("DOC"), "responsibleUnit": f"供电公司 {self.words()}",
            "plannedBy": "2026-12-31",
        })  # fmt: skip
        if fate < 0.5:
            then("resolved", hours * 60 + 300, {"at": "AT", "outcome": "done"})
            then("rated", hours * 60 + 400, {"at": "AT", "solved": fate < 0.4, "satisfaction": 5 if fate < 0.4 else 2})
        if 0.4 < fate < 0.45:
            then("reopened", hours * 60 + 600, {"at": "AT", "reason": "notSolved", "cycle": 2})

    def fine(self, at: datetime, enterprise=None, is_taken_back=False):
        number, enterprise = self.number("FN"), enterprise or self.random.choice(self.enterprises)
        keys, subject = {"fineId": number, "enterpriseId": enterprise}, f"fine/{number}"
        self.emit("fine.issued", subject, keys | {
            "deptId": "D-SCJG", "amountFen": self.random.randint(10_000, 50_000_000), "currency": "CNY",
            "decidedAt": stamp(at), "revision": 1,
        }, at)  # fmt: skip
        later = at + timedelta(hours=3)
        self.emit("fine.attributed", subject, keys | {
            "decisionId": self.number("AD"), "attributable": True, "at": stamp(later), "causes": ["guidance"],
            "decidedBy": {"personRef": "P-2001", "role": "office"},
        }, later)  # fmt: skip
        if is_taken_back:
            # By the second decision nobody bears anything.
            second = later + timedelta(hours=2)
            self.emit("fine.attributed", subject, keys | {
                "decisionId": self.number("AD"), "attributable": False, "at": stamp(second), "causes": ["guidance"],
                "decidedBy": {"personRef": "P-2001", "role": "office"},
            }, second)  # fmt: skip
        if self.random.random() < 0.4:
            revised = later + timedelta(hours=5)
            self.emit("fine.revised", subject, keys | {
                "revision": 2, "amountFen": 99_999, "at": stamp(revised), "cause": "reconsideration",
            }, revised)  # fmt: skip

    def case(self, at: datetime):
        number, enterprise = self.number("CS"), self.random.choice(self.enterprises)
        report = {
            "reportId": self.number("RP"), "enterpriseId": enterprise, "subjectType": "case", "subjectId": number,
            "toRole": "county.linked", "toPersonRef": "P-0006", "byDept": "D-SCJG",
        }  # fmt: skip
        fate = self.numbers["CS"] % 3
        if fate:
            # Reported before the act; some of these reports arrive long after it.
            before = at - timedelta(hours=1)
            delay = 20 if fate == 1 else 6 * 3600
            self.emit("report.made", f"case/{number}", report | {"reportedAt": stamp(before)}, before, delay)
        opened = {"caseId": number, "enterpriseId": enterprise, "deptId": "D-SCJG", "openedAt": stamp(at)}
        self.emit("case.opened", f"case/{number}", opened, at)

    def visit(self, at: datetime):
        """Within the quiet days this must not be."""
        number, enterprise = self.number("VS"), self.random.choice(self.enterprises)
        keys, subject = {"visitId": number, "enterpriseId": enterprise}, f"visit/{number}"
        self.emit("visit.planned", subject, keys | {
            "deptId": "D-YJ", "level": "county", "purpose": "inspection", "start": stamp(at),
            "end": stamp(at + timedelta(hours=1)), "version": 1,
        }, at - timedelta(hours=20))  # fmt: skip
        self.emit("visit.started", subject, keys | {"at": stamp(at)}, at)
        self.emit("visit.ended", subject, keys | {"at": stamp(at + timedelta(hours=1))}, at + timedelta(hours=1))

    def fee(self, at: datetime):
        """Water outside the red line is free for what the park invested in."""
        enterprise, number = self.enterprises[6 * (self.numbers.get("FE", 0) % 4)], self.number("FE")
        data = {"feeId": number, "enterpriseId": enterprise, "item": "water.outsideRedLine", "amountFen": 120_000}
        self.emit("fee.quoted", f"fee/{number}", data, at)

    def water(self, at: datetime):
        number, enterprise = self.number("SV"), self.random.choice(self.enterprises)
        keys, subject = {"serviceId": number, "enterpriseId": enterprise}, f"service/{number}"
        requested = json.loads((SCHEMAS / "service.requested.v1.json").read_text(encoding="utf-8"))["examples"][0]
        self.emit("service.requested", subject, self.moved(requested, at) | keys | {"kind": "water"}, at)

    def silence(self, at: datetime):
        """Nobody is told of the half hour for two hours; complaints go on."""
        number = self.number("SL")
        self.emit("silence.set", f"silence/{number}", {
            "silenceId": number, "scope": {"ruleId": "A22.response"}, "from": stamp(at), "reason": self.words(),
            "until": stamp(at + timedelta(hours=6)), "by": {"personRef": "P-2001", "role": "office"}, "at": stamp(at),
        }, at)  # fmt: skip

    def examples(self):
        """One of each type, as the schemas show it, moved into the week and told of an enterprise of ours."""
        for place, file in enumerate(sorted(SCHEMAS.glob("*.v1.json"))):
            schema = json.loads(file.read_text(encoding="utf-8"))
            at = MONDAY + timedelta(days=place % DAYS, hours=10, minutes=place)
            data = self.moved(schema["examples"][0], at)
            if "enterpriseId" in data:
                data["enterpriseId"] = self.enterprises[place % ENTERPRISES]
            for name, field in schema["properties"].items():
                if name in ("reason", "text", "remark") and "enum" not in field:
                    data[name] = self.words()
            kind = file.name.removesuffix(".v1.json")
            number = next((value for name, value in data.items() if name.endswith("Id") and isinstance(value, str)), "x")
            self.emit(kind, f"{kind.split('.')[0]}/{number}", data, at)

    def moved(self, value, at: datetime):
        if isinstance(value, dict):
            return {name: self.moved(one, at) for name, one in value.items()}
        if isinstance(value, list):
            return [self.moved(one, at) for one in value]
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:.*", value):
            return stamp(at)
        return value

    def bad(self, at: datetime):
        arrives = {"arrivedat": stamp(at)}
        words = json.dumps(self.words(), ensure_ascii=False)
        self.lines.append(arrives | {"raw": f'{{"specversion": "1.0", "data": {words}'})
        self.lines.append(arrives | {"raw": self.words()})
        self.emit("fine.issued", "fine/FN-BAD", {"fineId": "FN-BAD", "amountFen": self.words()}, at)
        self.emit("no.such.thing", "x/1", {"who": self.words()}, at)

    def told(self) -> list[dict]:
        self.roster()
        for day in range(DAYS):
            for _ in range(COMPLAINTS_A_DAY):
                self.complaint(self.moment(day))
            for what in (self.fine, self.fine, self.case, self.case, self.visit, self.fee, self.water, self.bad):
                what(self.moment(day))
        self.fine(self.moment(1), self.unserved)
        # Not every enterprise is in the park, or has anybody who would bear a share.
        for enterprise in self.enterprises[:6]:
            self.fine(self.moment(2), enterprise, is_taken_back=True)
        self.silence(MONDAY + timedelta(days=5, hours=9))
        self.examples()
        last = MONDAY + timedelta(days=DAYS)
        lines = [line for line in self.lines if line["arrivedat"] < stamp(last)]
        # The first to arrive tells the demo when its clock begins.
        return sorted(lines, key=lambda line: line["arrivedat"])


def names_and_directory() -> tuple[list[str], str]:
    """The directory of the sample day with other people in it, whose names are found wherever they stand."""
    names = []

    def rename(found):
        names.append(FAMILY[len(names) % len(FAMILY)] + GIVEN[len(names) % len(GIVEN)])
        return f"name: {names[-1]}"

    text = (CONFIG / "examples" / "directory.yaml").read_text(encoding="utf-8")
    people, offices, rest = text.partition("\noffices:")
    return names, re.sub(r"name: \S+某", rename, people) + offices + rest


def write(folder: Path) -> list[str]:
    """Makes a folder that `demo --configuration` takes; the names of its people."""
    for part in ("policy", "calendars", "templates"):
        (folder / part).symlink_to(CONFIG / part)
    examples = folder / "examples"
    examples.mkdir()
    names, directory = names_and_directory()
    (examples / "directory.yaml").write_text(directory, encoding="utf-8")
    lines = Week(names).told()
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (examples / "day.jsonl").write_text(text, encoding="utf-8")
    return names
