"""Writes what `dutyclock demo` plays until a quarter and a year are over: the sample day, and what a week cannot have.

Leaders visit and meet, or do not; other duties come to their end beside them; and inspections enter uncalled for. The
same bytes in every run.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import week
from week import CONFIG, HERE, stamp

# Each visits his linked enterprises; the last of them all, one who has too many left at the end of the year.
DILIGENT, BELATED = "P-0006", "P-0007"
LINKED = {
    DILIGENT: ["E-000401", "E-000405", "E-000409"],
    BELATED: ["E-000402", "E-000406", "E-000410"],
}
END_OF_YEAR = datetime(2027, 1, 1, tzinfo=HERE)


class Quarter(week.Week):
    def __init__(self):
        super().__init__(["某"], seed=20261231)
        self.enterprises = [one for linked in LINKED.values() for one in linked]

    def performed(self, code: str, at: datetime, arrives: datetime | None = None, **data):
        data = {"dutyCode": code, "performedAt": stamp(at)} | data
        delay = int(((arrives or at) - at).total_seconds()) + 20
        self.emit("duty.performed", f"duty/{code}", data, at, delay, partitionkey=f"duty/{code}")

    def entry(self, number: str, at: datetime, enterprise: str):
        """An inspection that was planned and then came."""
        keys, subject = {"visitId": number, "enterpriseId": enterprise}, f"visit/{number}"
        plan = self.emit("visit.planned", subject, keys | {
            "deptId": "D-YJ", "level": "county", "purpose": "inspection", "start": stamp(at),
            "end": stamp(at + timedelta(hours=1)), "version": 1,
        }, at - timedelta(days=6))  # fmt: skip
        self.emit("visit.started", subject, keys | {"at": stamp(at)}, at)
        self.emit("visit.ended", subject, keys | {"at": stamp(at + timedelta(hours=1))}, at + timedelta(hours=1))
        return keys, subject, plan

    def contacted(self, keys: dict, subject: str, at: datetime, arrives: datetime):
        data = keys | {"at": stamp(at), "byDept": "D-YJ", "parkPersonRef": "P-1031", "mode": "phone", "emergency": False}
        self.emit("visit.contacted", subject, data, at, int((arrives - at).total_seconds()))

    def leaders(self):
        for place, (leader, linked) in enumerate(LINKED.items()):
            for index, enterprise in enumerate(linked):
                at = datetime(2026, 12, 8 + index, 10 + place, tzinfo=HERE)
                # What was done in December and is on record in January was missed, and is so no more.
                is_late_on_record = leader == BELATED and enterprise == linked[-1]
                arrives = END_OF_YEAR + timedelta(days=1, hours=10) if is_late_on_record else None
                self.performed("A25", at, arrives, personRef=leader, enterpriseId=enterprise)
        self.performed("A24", datetime(2026, 12, 15, 15, tzinfo=HERE), personRef="P-0002", theme="订单与用工")
        self.performed("A13.list", datetime(2026, 12, 16, 15, tzinfo=HERE), orgUnit="D-GXJ")

    def entries(self):
        # Within the quiet days, and without anybody's knowledge.
        self.entry("VS-2026-80001", datetime(2026, 12, 10, 10, tzinfo=HERE), "E-000401")
        # Planned for them by mistake: a violation that is gone with its plan.
        _, subject, plan = self.entry("VS-2026-80002", datetime(2026, 12, 11, 10, tzinfo=HERE), "E-000402")
        at = datetime(2026, 12, 12, 10, tzinfo=HERE)
        self.emit("record.corrected", subject, {
            "targetType": "visit.planned", "targetId": plan["id"], "enterpriseId": "E-000402", "reason": "登记有误",
            "patch": {"exception": {"code": "complaintCase", "ref": "应急举报〔2026〕12号"}},
            "by": {"personRef": "P-2001", "role": "office"}, "at": stamp(at),
        }, at)  # fmt: skip
        # Announced in time, of which we hear days later.
        at = datetime(2026, 12, 28, 10, tzinfo=HERE)
        keys, subject, _ = self.entry("VS-2026-80003", at, "E-000405")
        self.contacted(keys, subject, at - timedelta(days=4), at + timedelta(days=1))

    def told(self) -> list[dict]:
        self.leaders()
        self.entries()
        self.complaint(END_OF_YEAR + timedelta(days=4, hours=9))
        return self.lines


def write(folder: Path):
    """Makes a folder that `demo --configuration` takes."""
    for part in ("policy", "calendars", "templates"):
        (folder / part).symlink_to(CONFIG / part)
    examples = folder / "examples"
    examples.mkdir()
    (examples / "directory.yaml").symlink_to(CONFIG / "examples" / "directory.yaml")
    day = (CONFIG / "examples" / "day.jsonl").read_text(encoding="utf-8")
    later = sorted(Quarter().told(), key=lambda line: line["arrivedat"])
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in later)
    (examples / "day.jsonl").write_text(day + text, encoding="utf-8")
