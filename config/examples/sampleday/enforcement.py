"""Cases, penalties and fines of the sample day, with the reports that had to come before them."""

from .cast import CLERK, SECRETARY
from .events import moment, rfc3339

DEPARTMENTS = {"D-SCJG": "蒸市监罚", "D-YJGL": "蒸应急罚", "D-STHJ": "蒸环罚", "D-ZJ": "蒸建罚"}
OFFICE = "/hyx/office/attribution"


class Enforcement:
    def __init__(self, day, cast):
        self.day, self.cast = day, cast
        self.reports = self.decisions = 0

    def source(self, department):
        return f"/hyx/dept/{department.lower()}"

    def report(self, kind, number, enterprise, reported, department, *, role, person, **delivery):
        self.reports += 1
        at = moment(reported)
        self.day.emit("report.made", {
            "reportId": f"RP-{self.reports + 40}", "enterpriseId": enterprise, "subjectType": kind, "subjectId": number,
            "toRole": role, "toPersonRef": person, "reportedAt": rfc3339(at), "byDept": department,
        }, at, source=self.source(department), subject=f"{kind}/{number}", key=enterprise, **delivery)

    def case(self, number, enterprise, opened, department):
        at = moment(opened)
        self.day.emit("case.opened", {"caseId": number, "enterpriseId": enterprise, "deptId": department,
                                      "openedAt": rfc3339(at), "minor": False, "first": True},
                      at, source=self.source(department), subject=f"case/{number}", key=enterprise)

    def case_report(self, number, enterprise, reported, department, *, role="county.linked", person=None, **delivery):
        person = person or self.cast.linked[enterprise]
        self.report("case", number, enterprise, reported, department, role=role, person=person, **delivery)

    def penalty(self, number, enterprise, decided, department, fine):
        at = moment(decided)
        self.day.emit("penalty.decided", {
            "penaltyId": number, "caseId": number.replace("PN", "CS-2025"), "enterpriseId": enterprise,
            "deptId": department, "decidedAt": rfc3339(at), "kind": "fine", "fineId": fine, "procedure": "ordinary",
        }, at, source=self.source(department), subject=f"penalty/{number}", key=enterprise)

    def penalty_report(self, number, enterprise, reported, department, *, role="county.secretary", person=SECRETARY,
                       **delivery):
        self.report("penalty", number, enterprise, reported, department, role=role, person=person, **delivery)

    def fine(self, number, enterprise, decided, amount, department="D-SCJG", penalty=None, **delivery):
        at = moment(decided)
        data = {"fineId": number, "enterpriseId": enterprise, "deptId": department, "amountFen": amount, "currency": "CNY",
                "decidedAt": rfc3339(at), "revision": 1, "docNo": f"{DEPARTMENTS[department]}〔2026〕{int(number[-2:])}号"}
        self.money("issued", data | ({"penaltyId": penalty} if penalty else {}), at, self.source(department), delivery)

    def attributed(self, number, enterprise, decided, attributable, causes=("guidance",), **delivery):
        self.decisions += 1
        at = moment(decided)
        data = {"fineId": number, "enterpriseId": enterprise, "decisionId": f"AD-{self.decisions + 20}",
                "attributable": attributable, "decidedBy": {"personRef": CLERK, "role": "office"}, "at": rfc3339(at),
                "causes": list(causes) if attributable else [], "reasonRef": f"DOC-{900 + self.decisions}"}
        self.money("attributed", data, at, OFFICE, delivery)

    def revised(self, number, enterprise, revision, amount, at, **delivery):
        at = moment(at)
        data = {"fineId": number, "enterpriseId": enterprise, "revision": revision, "amountFen": amount,
                "at": rfc3339(at), "cause": "selfCorrection"}
        self.money("revised", data, at, self.source("D-SCJG"), delivery)

    def revoked(self, number, enterprise, revision, at):
        at = moment(at)
        data = {"fineId": number, "enterpriseId": enterprise, "revision": revision, "at": rfc3339(at),
                "cause": "reconsideration"}
        self.money("revoked", data, at, self.source("D-SCJG"), {})

    def money(self, verb, data, at, source, delivery):
        self.day.emit(f"fine.{verb}", data, at, source=source, subject=f"fine/{data['fineId']}",
                      key=data["enterpriseId"], classification="confidential", **delivery)


def tell_enforcement(day, cast):
    told = Enforcement(day, cast)
    cases(told)
    penalties(told)
    fines(told)


def cases(told):
    # Told beforehand.
    told.case_report("CS-61", "E-000401", "23 09:20", "D-SCJG")
    told.case("CS-61", "E-000401", "23 10:00", "D-SCJG")
    # Nobody told.
    told.case("CS-62", "E-000404", "23 09:40", "D-STHJ")
    # Told beforehand, written down while the grace runs.
    told.case("CS-63", "E-000405", "23 10:30", "D-YJGL")
    told.case_report("CS-63", "E-000405", "23 10:05", "D-YJGL", arrives="23 11:50")
    # Told beforehand, written down after the violation was raised.
    told.case("CS-64", "E-000406", "23 11:00", "D-SCJG")
    told.case_report("CS-64", "E-000406", "23 10:40", "D-SCJG", arrives="23 14:20")
    # Told at the very moment of opening.
    told.case_report("CS-65", "E-000408", "23 14:00", "D-ZJ")
    told.case("CS-65", "E-000408", "23 14:00", "D-ZJ")
    # The wrong role was told.
    told.case_report("CS-66", "E-000409", "23 14:05", "D-SCJG", role="county.secretary", person=SECRETARY)
    told.case("CS-66", "E-000409", "23 14:30", "D-SCJG")
    # No county leader is linked with this enterprise.
    told.case("CS-67", "E-000425", "23 15:00", "D-STHJ")
    # Told beforehand, but entered more than a day later.
    told.case("CS-68", "E-000411", "23 15:10", "D-YJGL")
    told.case_report("CS-68", "E-000411", "23 14:30", "D-YJGL", recorded="24 16:00", arrives="24 16:00:07")
    # The right role, the wrong leader.
    told.case_report("CS-69", "E-000403", "23 15:50", "D-SCJG", person="P-0009")
    told.case("CS-69", "E-000403", "23 16:20", "D-SCJG")
    # Told after the act.
    told.case("CS-70", "E-000412", "23 16:40", "D-ZJ")
    told.case_report("CS-70", "E-000412", "23 17:00", "D-ZJ")


def penalties(told):
    told.penalty_report("PN-41", "E-000402", "23 08:40", "D-SCJG")
    told.penalty("PN-41", "E-000402", "23 09:30", "D-SCJG", "FN-2026-0031")
    told.penalty("PN-42", "E-000404", "23 10:10", "D-SCJG", "FN-2026-0036")
    told.penalty("PN-43", "E-000407", "23 11:15", "D-ZJ", "FN-2026-0034")
    told.penalty_report("PN-43", "E-000407", "23 10:50", "D-ZJ", arrives="23 12:30")
    told.penalty("PN-44", "E-000409", "23 14:45", "D-YJGL", "FN-2026-0035")
    told.penalty_report("PN-44", "E-000409", "23 14:20", "D-YJGL", arrives="23 17:40")
    told.penalty_report("PN-45", "E-000410", "23 15:15", "D-STHJ")
    told.penalty("PN-45", "E-000410", "23 15:15", "D-STHJ", "FN-2026-0038")
    # No county leader is linked with this enterprise.
    told.penalty("PN-46", "E-000421", "23 16:00", "D-SCJG", "FN-2026-0037")
    # The linked leader was told, not the county secretary.
    told.penalty_report("PN-47", "E-000403", "24 09:00", "D-SCJG", role="county.linked", person=told.cast.linked["E-000403"])
    told.penalty("PN-47", "E-000403", "24 09:45", "D-SCJG", "FN-2026-0032")


def fines(told):
    # One leader, one member of staff.
    told.fine("FN-2026-0031", "E-000402", "23 09:30", 2_000_000, penalty="PN-41")
    told.attributed("FN-2026-0031", "E-000402", "24 10:00", True)
    # Two leaders, an odd amount; the decision arrives before the fine.
    told.fine("FN-2026-0032", "E-000403", "24 09:45", 333_339, penalty="PN-47", arrives="24 15:30")
    told.attributed("FN-2026-0032", "E-000403", "24 14:50", True, ["service", "guidance"])
    # Nobody but a backup served the enterprise on that day.
    told.fine("FN-2026-0033", "E-000418", "23 10:40", 1_500_000, "D-YJGL")
    told.attributed("FN-2026-0033", "E-000418", "24 10:10", True, ["service"])
    # Decided: nobody in the park is to blame.
    told.fine("FN-2026-0034", "E-000407", "23 11:15", 450_000, "D-ZJ", penalty="PN-43")
    told.attributed("FN-2026-0034", "E-000407", "24 10:20", False)
    # Decided twice, the second time the other way.
    told.fine("FN-2026-0035", "E-000409", "23 14:45", 1_200_001, "D-YJGL", penalty="PN-44")
    told.attributed("FN-2026-0035", "E-000409", "24 10:30", True)
    told.attributed("FN-2026-0035", "E-000409", "25 09:15", False)
    # Revised upwards, then downwards; the second revision is the last to arrive.
    told.fine("FN-2026-0036", "E-000404", "23 10:10", 800_000, penalty="PN-42")
    told.attributed("FN-2026-0036", "E-000404", "23 16:30", True)
    told.revised("FN-2026-0036", "E-000404", 2, 1_000_001, "24 09:30", arrives="24 17:10")
    told.revised("FN-2026-0036", "E-000404", 3, 600_007, "24 15:00")
    # Revoked after a share had been posted.
    told.fine("FN-2026-0037", "E-000421", "23 16:00", 640_000, penalty="PN-46")
    told.attributed("FN-2026-0037", "E-000421", "24 10:40", True, ["service"])
    told.revoked("FN-2026-0037", "E-000421", 2, "25 10:00")
    # Two decisions that arrive in the wrong order: the later one decides.
    told.fine("FN-2026-0038", "E-000410", "23 15:15", 999_999, "D-STHJ", penalty="PN-45")
    told.attributed("FN-2026-0038", "E-000410", "24 10:50", False, arrives="24 15:10")
    told.attributed("FN-2026-0038", "E-000410", "24 14:00", True)
    # Not decided yet.
    told.fine("FN-2026-0039", "E-000426", "23 17:00", 300_000, "D-ZJ")
    # The third revision is here, the second is not: the first still counts.
    told.fine("FN-2026-0040", "E-000428", "23 15:20", 500_000)
    told.attributed("FN-2026-0040", "E-000428", "24 11:00", True)
    told.revised("FN-2026-0040", "E-000428", 3, 100_000, "25 11:20")
    # The owner of that morning bears it, not the one who took over at 11:28.
    told.fine("FN-2026-0041", "E-000412", "23 09:10", 76_543, "D-YJGL")
    told.attributed("FN-2026-0041", "E-000412", "24 11:10", True)
