"""Events as the desks of a park would write them; every name and number is invented."""

import itertools
import uuid
from datetime import datetime, timedelta, timezone

HERE = timezone(timedelta(hours=8))
SOURCE = "/hyx/xidu-park/desk"
LETTERS = str.maketrans("0123456789", "ghijklmnop")
HALF_HOUR = timedelta(minutes=30)
# Seconds until a limit that must not be over before the daemon has what was sent, on a slow machine too.
SOON = 6

STAFF, BACKUP, LEADER, HEAD = "P-1032", "P-1031", "P-0111", "P-0101"
OFFICE, LINKED, SECRETARY, DEPUTY, FOURTH = "office", "P-0006", "P-0001", "P-0005", "P-0004"

_numbers = itertools.count(1)


def number(prefix: str) -> str:
    return f"{prefix}-2026-{next(_numbers):06d}"


def now() -> datetime:
    return datetime.now(HERE)


def ago(**span) -> datetime:
    return now() - timedelta(**span)


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def due_in(seconds: float, limit: timedelta = HALF_HOUR) -> datetime:
    """When something must have been filed for its limit to end so many seconds from now."""
    at = now() - limit + timedelta(seconds=seconds)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def identifier() -> str:
    """Unlike any other, and without digits: nothing in it looks like a telephone number."""
    return uuid.uuid4().hex.translate(LETTERS)


def event(kind: str, subject: str, data: dict, at: datetime, **attributes) -> dict:
    return {
        "specversion": "1.0",
        "type": f"park.{kind}.v1",
        "source": SOURCE,
        "id": identifier(),
        "subject": subject,
        "time": stamp(at),
        "partitionkey": data.get("enterpriseId") or subject,
        "datacontenttype": "application/json",
        "data": data,
    } | attributes


# Enterprises and who serves them.


def assigned(enterprise: str, person: str, role: str, backup=False, since="2024-01-01") -> dict:
    data = {
        "assignmentId": number("RA"), "personRef": person, "role": role,
        "scope": {"enterpriseId": enterprise}, "from": since, "backup": backup,
    }  # fmt: skip
    at = datetime(2024, 1, 1, 9, tzinfo=HERE)
    return event("roster.assigned", f"enterprise/{enterprise}", data, at, partitionkey=enterprise)


def registered(enterprise: str, in_park=True) -> dict:
    data = {
        "enterpriseId": enterprise, "uscc": "91430421MA4TEXT01G", "name": f"衡阳试验{enterprise[-4:]}制造有限公司",
        "registeredAt": "2024-01-01T10:00:00+08:00", "inPark": in_park, "parkId": "xidu",
    }  # fmt: skip
    return event("enterprise.registered", f"enterprise/{enterprise}", data, datetime(2024, 1, 1, 10, tzinfo=HERE))


def enterprise(in_park=True, staff=(STAFF,), leaders=(LEADER,), linked=(LINKED,)) -> tuple[str, list[dict]]:
    """A new enterprise: its id, and the events that make it known."""
    name = number("E")
    events = [assigned(name, person, "park.staff") for person in staff]
    events += [assigned(name, person, "park.leader") for person in leaders]
    events += [assigned(name, person, "county.linked") for person in linked]
    return name, [*events, registered(name, in_park)]


# Complaints.


def filed(complaint: str, enterprise: str, at: datetime, kind="appeal", **data) -> dict:
    data = {
        "complaintId": complaint, "enterpriseId": enterprise, "kind": kind, "channel": "app",
        "filedAt": stamp(at), "summary": "厂区临时用电容量不足,影响新线调试", "category": "A07", "contactRef": "C-77",
    } | data  # fmt: skip
    return event("complaint.filed", f"complaint/{complaint}", data, at)


def responded(complaint: str, enterprise: str, at: datetime, person=STAFF, role="park.staff", auto=False) -> dict:
    data = {
        "complaintId": complaint, "enterpriseId": enterprise, "respondedAt": stamp(at),
        "by": {"personRef": person, "role": role}, "mode": "phone", "auto": auto,
    }  # fmt: skip
    return event("complaint.responded", f"complaint/{complaint}", data, at)


def planned(complaint: str, enterprise: str, at: datetime) -> dict:
    data = {
        "complaintId": complaint, "enterpriseId": enterprise, "proposedAt": stamp(at), "planRef": "DOC-551",
        "responsibleUnit": "供电公司", "plannedBy": "2027-01-31",
    }  # fmt: skip
    return event("complaint.solution.proposed", f"complaint/{complaint}", data, at)


def withdrawn(complaint: str, enterprise: str, at: datetime) -> dict:
    data = {"complaintId": complaint, "enterpriseId": enterprise, "at": stamp(at), "by": "enterprise"}
    return event("complaint.withdrawn", f"complaint/{complaint}", data, at)


# Corrections.


def corrected(wrong: dict, enterprise: str, at: datetime, patch: dict, kind="record.corrected") -> dict:
    data = {
        "targetType": wrong["type"].removeprefix("park.").removesuffix(".v1"), "targetId": wrong["id"],
        "enterpriseId": enterprise, "reason": "登记有误", "by": {"personRef": "P-2001", "role": "office"},
        "at": stamp(at),
    }  # fmt: skip
    return event(kind, wrong["subject"], data | ({"patch": patch} if patch else {}), at)


def voided(wrong: dict, enterprise: str, at: datetime) -> dict:
    return corrected(wrong, enterprise, at, {}, "record.voided")


# Enforcement.


def case_opened(case: str, enterprise: str, at: datetime) -> dict:
    data = {"caseId": case, "enterpriseId": enterprise, "deptId": "D-SCJG", "openedAt": stamp(at)}
    return event("case.opened", f"case/{case}", data, at)


def penalty_decided(penalty: str, case: str, enterprise: str, at: datetime) -> dict:
    data = {
        "penaltyId": penalty, "caseId": case, "enterpriseId": enterprise, "deptId": "D-SCJG",
        "decidedAt": stamp(at), "kind": "warning", "procedure": "ordinary",
    }  # fmt: skip
    return event("penalty.decided", f"penalty/{penalty}", data, at)


def reported(kind: str, subject: str, enterprise: str, at: datetime, person=LINKED, role="county.linked") -> dict:
    data = {
        "reportId": number("RP"), "enterpriseId": enterprise, "subjectType": kind, "subjectId": subject,
        "toRole": role, "toPersonRef": person, "reportedAt": stamp(at), "byDept": "D-SCJG",
    }  # fmt: skip
    return event("report.made", f"{kind}/{subject}", data, at)


# Fines.


def fine_issued(fine: str, enterprise: str, fen, at: datetime) -> dict:
    data = {
        "fineId": fine, "enterpriseId": enterprise, "deptId": "D-SCJG", "amountFen": fen, "currency": "CNY",
        "decidedAt": stamp(at), "revision": 1,
    }  # fmt: skip
    return event("fine.issued", f"fine/{fine}", data, at)


def fine_attributed(fine: str, enterprise: str, at: datetime, attributable=True, **data) -> dict:
    data = {
        "fineId": fine, "enterpriseId": enterprise, "decisionId": number("AD"), "attributable": attributable,
        "decidedBy": {"personRef": "P-2001", "role": "office"}, "at": stamp(at), "causes": ["guidance"],
    } | data  # fmt: skip
    return event("fine.attributed", f"fine/{fine}", data, at)


def fine_revised(fine: str, enterprise: str, revision: int, fen: int, at: datetime, **data) -> dict:
    data = {
        "fineId": fine, "enterpriseId": enterprise, "revision": revision, "amountFen": fen, "at": stamp(at),
        "cause": "reconsideration",
    } | data  # fmt: skip
    return event("fine.revised", f"fine/{fine}", data, at)


def fine_revoked(fine: str, enterprise: str, revision: int, at: datetime) -> dict:
    data = {
        "fineId": fine, "enterpriseId": enterprise, "revision": revision, "at": stamp(at), "cause": "litigation",
    }  # fmt: skip
    return event("fine.revoked", f"fine/{fine}", data, at)


def share_settled(fine: str, enterprise: str, person: str, fen: int, at: datetime, **data) -> dict:
    data = {
        "fineId": fine, "enterpriseId": enterprise, "personRef": person, "amountFen": fen, "at": stamp(at),
        "voucherRef": number("V"),
    } | data  # fmt: skip
    return event("fine.share.settled", f"fine/{fine}", data, at)
