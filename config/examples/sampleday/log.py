"""Reading the lines back: what would be accepted, and what was known at a moment."""

from datetime import datetime

REQUIRED = {
    "enterprise.registered": "enterpriseId uscc name registeredAt inPark",
    "enterprise.deregistered": "enterpriseId at reason",
    "roster.assigned": "assignmentId personRef role scope from",
    "roster.ended": "assignmentId personRef role scope from",
    "complaint.filed": "complaintId enterpriseId kind channel filedAt summary",
    "complaint.assigned": "complaintId enterpriseId toPersonRef at",
    "complaint.classified": "complaintId enterpriseId class at",
    "complaint.responded": "complaintId enterpriseId respondedAt by mode",
    "complaint.solution.proposed": "complaintId enterpriseId proposedAt planRef responsibleUnit",
    "complaint.resolved": "complaintId enterpriseId at outcome",
    "complaint.rated": "complaintId enterpriseId solved satisfaction at",
    "complaint.withdrawn": "complaintId enterpriseId at by",
    "complaint.reopened": "complaintId enterpriseId at reason cycle",
    "report.made": "reportId enterpriseId subjectType subjectId toRole toPersonRef reportedAt byDept",
    "case.opened": "caseId enterpriseId deptId openedAt",
    "penalty.decided": "penaltyId caseId enterpriseId deptId decidedAt kind",
    "fine.issued": "fineId enterpriseId deptId amountFen currency decidedAt revision",
    "fine.attributed": "fineId enterpriseId decisionId attributable decidedBy at",
    "fine.revised": "fineId enterpriseId revision amountFen at cause",
    "fine.revoked": "fineId enterpriseId revision at cause",
    "record.corrected": "targetType targetId enterpriseId patch reason by at",
    "record.voided": "targetType targetId enterpriseId reason by at",
}
ENVELOPE = "specversion type source id subject time recordedtime partitionkey datacontenttype data".split()


def read(text):
    """A moment, or a civil date meant as its first second; everything here is at +08:00."""
    return datetime.fromisoformat(text if "T" in text else text + "T00:00:00+08:00")


class Log:
    """The lines sorted into accepted events, duplicates and rejects."""

    def __init__(self, lines):
        self.events, self.rejected, self.unknown, self.duplicates = [], [], [], 0
        seen = set()
        for line in lines:
            if "raw" in line:
                self.rejected.append("not JSON")
                continue
            key = (line["source"], line["id"])
            if key in seen:
                self.duplicates += 1
                continue
            seen.add(key)
            self.sort(line)

    def sort(self, line):
        kind = line["type"].removeprefix("park.").removesuffix(".v1")
        if kind not in REQUIRED:
            self.unknown.append(line["type"])
            return
        missing = [name for name in ENVELOPE if name not in line]
        missing += [name for name in REQUIRED[kind].split() if name not in line["data"]]
        if missing:
            self.rejected.append(f"{kind}: {', '.join(missing)} missing")
        else:
            self.events.append({"kind": kind, "id": line["id"], "arrived": read(line["arrivedat"]), "data": line["data"],
                                "time": read(line["time"]), "recorded": read(line["recordedtime"])})

    def known(self, now):
        """The events that had arrived by then, with what had been corrected and voided by then."""
        events = [event for event in self.events if event["arrived"] <= now]
        voided = {event["data"]["targetId"] for event in events if event["kind"] == "record.voided"}
        patches = {}
        for event in events:
            if event["kind"] == "record.corrected":
                patches.setdefault(event["data"]["targetId"], {}).update(event["data"]["patch"])
        return [{**event, "data": event["data"] | patches.get(event["id"], {})}
                for event in events if event["id"] not in voided]
