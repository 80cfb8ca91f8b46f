import Duty

/// One example of the data of each kind of event.
///
/// Nobody and nothing in them exists.
enum EventExamples {
    /// The data of the example; null if there is none, which a test would notice.
    static func data(_ kind: EventKind) -> Value {
        (blocks[kind.rawValue]?.utf8).flatMap { try? JSONReader.decode(Array($0)) } ?? .null
    }

    /// The texts by kind: a line that does not begin with a space names the kind, the others are its JSON.
    private static let blocks: [String: String] = {
        var blocks: [String: String] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
            if line.first == " " { blocks[name, default: ""] += line } else { name = String(line) }
        }
        return blocks
    }()

    private static let text = enterprises + complaints + services + enforcement + money + others

    private static let enterprises = """
        enterprise.registered
          {"enterpriseId": "E-000518", "uscc": "91430421MA4TQH518N", "name": "衡阳青禾精密制造有限公司",
           "registeredAt": "2026-10-12T09:40:00+08:00", "inPark": true, "parkId": "xidu", "aboveScale": false,
           "inNormalProduction": false, "investedByPark": true, "brand": false, "microSmall": false,
           "industry": "C34"}
        enterprise.updated
          {"enterpriseId": "E-000518", "changes": {"aboveScale": true, "inNormalProduction": true},
           "effectiveFrom": "2027-04-01"}
        enterprise.deregistered
          {"enterpriseId": "E-000518", "at": "2029-03-06T15:30:00+08:00", "reason": "merged",
           "mergedInto": "E-000522"}
        roster.assigned
          {"assignmentId": "RA-204", "personRef": "P-1207", "role": "park.staff",
           "scope": {"enterpriseId": "E-000518"}, "from": "2026-10-12", "backup": false}
        roster.ended
          {"assignmentId": "RA-204", "personRef": "P-1207", "role": "park.staff",
           "scope": {"enterpriseId": "E-000518"}, "from": "2026-10-12", "to": "2027-06-30", "backup": false}

        """

    private static let complaints = """
        complaint.filed
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518", "kind": "appeal", "channel": "phone",
           "filedAt": "2026-12-08T10:18:00+08:00", "summary": "厂门外道路积水,货车进不来", "category": "A22",
           "contactRef": "C-206", "anonymous": false}
        complaint.assigned
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518", "toPersonRef": "P-1207",
           "at": "2026-12-08T10:21:00+08:00"}
        complaint.classified
          {"complaintId": "CP-2026-000744", "enterpriseId": "E-000522", "class": "difficult",
           "at": "2026-12-09T16:05:00+08:00", "approvedBy": "P-2004"}
        complaint.responded
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518",
           "respondedAt": "2026-12-08T10:39:00+08:00", "by": {"personRef": "P-1207", "role": "park.staff"},
           "mode": "visit", "auto": false}
        complaint.solution.proposed
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518",
           "proposedAt": "2026-12-08T17:20:00+08:00", "planRef": "DOC-883", "responsibleUnit": "市政维护站",
           "plannedBy": "2026-12-15"}
        complaint.resolved
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518", "at": "2026-12-14T11:00:00+08:00",
           "outcome": "done", "replyRef": "DOC-901"}
        complaint.rated
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518", "solved": true, "satisfaction": 4,
           "at": "2026-12-15T09:10:00+08:00"}
        complaint.withdrawn
          {"complaintId": "CP-2026-000736", "enterpriseId": "E-000518", "at": "2026-12-08T14:02:00+08:00",
           "by": "enterprise", "reason": "重复提出"}
        complaint.reopened
          {"complaintId": "CP-2026-000731", "enterpriseId": "E-000518", "at": "2026-12-21T08:50:00+08:00",
           "reason": "notSolved", "cycle": 2}

        """

    private static let services = """
        service.requested
          {"serviceId": "SV-2026-417", "enterpriseId": "E-000518", "kind": "water",
           "requestedAt": "2026-11-03T09:15:00+08:00", "acceptedAt": "2026-11-03T10:40:00+08:00",
           "itemCode": "IT-0207"}
        service.paused
          {"serviceId": "SV-2026-417", "enterpriseId": "E-000518", "at": "2026-11-04T08:30:00+08:00",
           "reason": "lineApproval"}
        service.resumed
          {"serviceId": "SV-2026-417", "enterpriseId": "E-000518", "at": "2026-11-06T08:30:00+08:00",
           "reason": "lineApproval"}
        service.step.completed
          {"serviceId": "SV-2026-420", "enterpriseId": "E-000522", "step": "装表接电",
           "at": "2026-11-05T15:00:00+08:00"}
        service.completed
          {"serviceId": "SV-2026-417", "enterpriseId": "E-000518", "at": "2026-11-10T16:20:00+08:00"}
        service.cancelled
          {"serviceId": "SV-2026-418", "enterpriseId": "E-000518", "at": "2026-11-11T09:00:00+08:00"}
        fee.quoted
          {"feeId": "FE-63", "enterpriseId": "E-000518", "item": "power.package", "amountFen": 2850000,
           "baseGuidePriceFen": 3000000}
        approval.material.requested
          {"approvalId": "AP-58", "enterpriseId": "E-000518", "projectId": "PJ-21", "materialCode": "M-0034",
           "stage": "施工许可", "at": "2026-11-17T10:10:00+08:00", "round": 1}
        approval.intermediary.required
          {"approvalId": "AP-58", "enterpriseId": "E-000518", "projectId": "PJ-21", "serviceCode": "ZJ-012",
           "stage": "施工许可", "at": "2026-11-17T10:20:00+08:00", "deptId": "D-YJ"}
        project.milestone
          {"projectId": "PJ-21", "enterpriseId": "E-000518", "milestone": "started",
           "at": "2026-11-18T09:00:00+08:00"}

        """

    private static let enforcement = """
        visit.planned
          {"visitId": "VS-140", "enterpriseId": "E-000518", "deptId": "D-YJ", "level": "county",
           "purpose": "inspection", "start": "2027-05-12T09:30:00+08:00", "end": "2027-05-12T11:30:00+08:00",
           "exception": {"code": "complaintCase", "ref": "应急举报〔2027〕12号"}, "version": 2}
        visit.contacted
          {"visitId": "VS-140", "enterpriseId": "E-000518", "at": "2027-05-10T15:45:00+08:00",
           "byDept": "D-YJ", "parkPersonRef": "P-1207", "mode": "phone", "emergency": false}
        visit.escort.assigned
          {"visitId": "VS-140", "enterpriseId": "E-000518", "personRef": "P-1207",
           "at": "2027-05-10T16:00:00+08:00"}
        visit.started
          {"visitId": "VS-140", "enterpriseId": "E-000518", "at": "2027-05-12T09:34:00+08:00",
           "escortPersonRef": "P-1207"}
        visit.ended
          {"visitId": "VS-140", "enterpriseId": "E-000518", "at": "2027-05-12T11:05:00+08:00",
           "escortPersonRef": "P-1207", "findings": false}
        visit.cancelled
          {"visitId": "VS-141", "enterpriseId": "E-000518", "at": "2027-05-11T17:00:00+08:00"}
        report.made
          {"reportId": "RP-77", "enterpriseId": "E-000518", "subjectType": "case", "subjectId": "CS-92",
           "toRole": "county.linked", "toPersonRef": "P-0008", "reportedAt": "2027-05-18T09:00:00+08:00",
           "byDept": "D-YJ"}
        case.opened
          {"caseId": "CS-92", "enterpriseId": "E-000518", "deptId": "D-YJ",
           "openedAt": "2027-05-18T15:00:00+08:00", "minor": false, "first": true}
        case.closed
          {"caseId": "CS-92", "enterpriseId": "E-000518", "deptId": "D-YJ",
           "openedAt": "2027-05-18T15:00:00+08:00", "at": "2027-07-02T10:00:00+08:00"}
        penalty.decided
          {"penaltyId": "PN-31", "caseId": "CS-92", "enterpriseId": "E-000518", "deptId": "D-YJ",
           "decidedAt": "2027-06-04T10:30:00+08:00", "kind": "fine", "fineId": "FN-2027-0019",
           "procedure": "ordinary", "firstMinorNoHarm": false}
        penalty.served
          {"penaltyId": "PN-31", "enterpriseId": "E-000518", "deptId": "D-YJ", "at": "2027-06-07T09:00:00+08:00"}
        penalty.executed
          {"penaltyId": "PN-31", "enterpriseId": "E-000518", "deptId": "D-YJ", "at": "2027-06-21T16:00:00+08:00"}

        """

    private static let money = """
        fine.issued
          {"fineId": "FN-2027-0019", "enterpriseId": "E-000518", "deptId": "D-YJ", "amountFen": 1500000,
           "currency": "CNY", "decidedAt": "2027-06-04T10:30:00+08:00", "revision": 1, "penaltyId": "PN-31",
           "docNo": "蒸应急罚〔2027〕19号"}
        fine.attributed
          {"fineId": "FN-2027-0019", "enterpriseId": "E-000518", "decisionId": "AD-12", "attributable": true,
           "decidedBy": {"personRef": "P-3012", "role": "office"}, "at": "2027-06-11T15:00:00+08:00",
           "causes": ["service", "guidance"], "reasonRef": "DOC-1203"}
        fine.revised
          {"fineId": "FN-2027-0019", "enterpriseId": "E-000518", "revision": 2, "amountFen": 900000,
           "at": "2027-08-20T10:00:00+08:00", "cause": "reconsideration", "docNo": "蒸复决〔2027〕4号"}
        fine.revoked
          {"fineId": "FN-2027-0019", "enterpriseId": "E-000518", "revision": 3,
           "at": "2027-11-16T10:00:00+08:00", "cause": "litigation"}
        fine.share.settled
          {"fineId": "FN-2027-0019", "enterpriseId": "E-000518", "personRef": "P-1207", "amountFen": 225000,
           "at": "2027-07-15T10:00:00+08:00", "voucherRef": "V-88"}

        """

    private static let others = """
        clue.transferred
          {"clueId": "CL-14", "direction": "discipline>dept", "at": "2026-11-24T10:20:00+08:00"}
        clue.fedback
          {"clueId": "CL-14", "direction": "dept>discipline", "at": "2026-12-01T16:40:00+08:00"}
        duty.performed
          {"dutyCode": "A24", "performedAt": "2026-12-10T15:00:00+08:00", "personRef": "P-0002",
           "enterpriseId": "E-000518", "theme": "订单与用工", "proofRef": "DOC-915"}
        assessment.published
          {"assessmentId": "AS-2027-01", "scheme": "provinceIndicator", "year": 2027,
           "results": [{"orgUnit": "D-SP", "grade": "优秀", "rank": 18}, {"orgUnit": "D-YJ", "grade": "良好", "rank": 52}],
           "publishedAt": "2028-01-18T09:00:00+08:00"}
        calendar.published
          {"year": 2031, "offDays": ["2031-01-01", "2031-01-22", "2031-01-23"],
           "makeupWorkdays": ["2031-01-19"], "docNo": "国办发明电〔2030〕样例号", "revision": 1}
        record.corrected
          {"targetType": "complaint.filed", "targetId": "01KC31M0V2Q4T7Y9B5D8F6H1JN",
           "enterpriseId": "E-000518", "reason": "来电时间录入有误", "by": {"personRef": "P-3012", "role": "office"},
           "at": "2026-12-08T11:30:00+08:00", "patch": {"filedAt": "2026-12-08T10:08:00+08:00"}}
        record.voided
          {"targetType": "visit.planned", "targetId": "01KRD2X8A6C3E9G5K7M1P4R0SW",
           "enterpriseId": "E-000518", "reason": "重复录入", "by": {"personRef": "P-3012", "role": "office"},
           "at": "2027-05-10T09:20:00+08:00"}
        notification.acknowledged
          {"notificationId": "A22.response|complaint/CP-2026-000731|1|open|P-1207", "personRef": "P-1207",
           "at": "2026-12-08T10:24:00+08:00", "via": "card"}
        escalation.requested
          {"requestId": "ESC-2026-0031", "matter": "complaint/CP-2026-000731", "ruleId": "A22.response",
           "stage": "escalate60", "reason": "企业停产,请主要负责人过问", "by": {"personRef": "P-3012", "role": "office"},
           "at": "2026-12-08T10:40:00+08:00", "enterpriseId": "E-000518", "cycle": 1}
        silence.set
          {"silenceId": "SL-2026-0004", "scope": {"ruleId": "A22.response"}, "from": "2026-12-12T20:00:00+08:00",
           "until": "2026-12-12T23:00:00+08:00", "reason": "消息平台升级维护",
           "by": {"personRef": "P-3012", "role": "office"}, "at": "2026-12-11T16:30:00+08:00"}
        silence.ended
          {"silenceId": "SL-2026-0004", "reason": "维护提前完成", "by": {"personRef": "P-3012", "role": "office"},
           "at": "2026-12-12T22:10:00+08:00"}

        """
}
