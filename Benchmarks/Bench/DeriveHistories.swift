import Duty

/// One history of each kind of matter, as long as such matters are in life.
enum DeriveHistories {
    struct History {
        let name: String
        let matter: MatterID
        let facts: [Fact]
        let enterprise: Enterprise
        let now: Instant
        /// Whether articles 22 and 25 are about it.
        let isOfFew: Bool
    }

    private static let day = "2026-11-23T"

    /// - Throws: `EventRejection` where an event below is none.
    static func all() throws -> [History] {
        let profile = try enterprise()
        return try lines.map { name, matter, isOfFew, events in
            try history(name, matter, isOfFew, events, profile)
        }
    }

    private static func history(
        _ name: String,
        _ matter: MatterID,
        _ isOfFew: Bool,
        _ events: [(String, String)],
        _ profile: [Fact]
    ) throws -> History {
        let own = try events.enumerated().map { try fact($0.element.0, "\(name)-\($0.offset)", $0.element.1) }
        let now = (own.map(\.receivedAt).max() ?? .distantPast) + .minutes(1)
        let id: EnterpriseID = matter.type == .enterprise ? EnterpriseID(matter.number) : "E-1"
        return History(
            name: name,
            matter: matter,
            facts: matter.type == .enterprise ? profile : own.map { moved($0, to: matter) },
            enterprise: Enterprise(id: id, facts: profile),
            now: now,
            isOfFew: isOfFew
        )
    }

    /// What one matter passes on to another is told there as its own.
    private static func moved(_ fact: Fact, to matter: MatterID) -> Fact {
        var fact = fact
        fact.matter = matter
        return fact
    }

    private static func enterprise() throws -> [Fact] {
        try [
            (
                "enterprise.registered",
                #""uscc":"91430421MA4TEXT01G","name":"测试","registeredAt":"2026-01-05T10:00:00+08:00","inPark":true,"#
                    + #""aboveScale":true,"inNormalProduction":true,"investedByPark":true"#
            ), ("roster.assigned", role("park.staff", "P-1")),
            ("roster.assigned", role("park.leader", "P-2")),
            ("roster.assigned", role("county.linked", "P-3")),
        ].enumerated().map { try fact($0.element.0, "e-\($0.offset)", $0.element.1) }
    }

    private static func role(_ role: String, _ person: String) -> String {
        #""assignmentId":"\#(person)","personRef":"\#(person)","role":"\#(role)","from":"2026-01-05","#
            + #""scope":{"enterpriseId":"E-1"}"#
    }

    private static func fact(_ type: String, _ id: String, _ data: String) throws -> Fact {
        let text =
            #"{"specversion":"1.0","type":"park.\#(type).v1","source":"/bench","id":"\#(id)","#
            + #""time":"\#(day)08:00:00+08:00","data":{"enterpriseId":"E-1",\#(data)}}"#
        let event = try CloudEvent(structured: try JSONReader.decode(Array(text.utf8)))
        return try EventValidation.fact(
            event,
            receivedAt: Instant(rfc3339: day + "18:00:00+08:00") ?? .distantPast
        )
    }

    private static func at(_ field: String, _ hour: String) -> String {
        #""\#(field)":"\#(day)\#(hour):00+08:00""#
    }

    /// Name, matter, whether articles 22 and 25 are about it, and its events.
    private static let lines: [(String, MatterID, Bool, [(String, String)])] = [
        ("an appeal", "complaint/CP", true, complaint("appeal")),
        (
            "a window case", "complaint/CP", false,
            complaint("window") + [classified("general"), classified("difficult")]
        ),
        ("arrears", "complaint/CP", false, complaint("arrears")),
        ("a bad review", "complaint/CP", false, complaint("badReview") + [classified("complex")]),
        ("a power connection", "service/SV", false, service("power.hv", "clientWorks")),
        ("a water connection", "service/SV", false, service("water", "design")),
        (
            "a fee", "fee/FE", false,
            [("fee.quoted", #""feeId":"FE","item":"power.package","amountFen":99,"baseGuidePriceFen":100"#)]
        ),
        ("a project", "project/PJ", false, (1...6).map { material($0) }),
        ("a visit", "visit/VS", false, visit),
        (
            "a case", "case/CS", true,
            [
                ("report.made", report("case", "CS")),
                ("case.opened", #""caseId":"CS","deptId":"D",\#(at("openedAt", "10:00"))"#),
            ]
        ),
        (
            "a penalty", "penalty/PN", true,
            [
                ("report.made", report("penalty", "PN")),
                (
                    "penalty.decided",
                    #""penaltyId":"PN","caseId":"CS","deptId":"D","kind":"fine",\#(at("decidedAt", "10:00"))"#
                ),
            ]
        ), ("a fine", "fine/FN", true, fine), ("an enterprise", "enterprise/E-1", true, []),
        ("a leader's quarter", "duty/A25.P-3", true, [("roster.assigned", role("county.linked", "P-3"))]),
        (
            "a clue", "clue/CL", false,
            [("clue.transferred", #""clueId":"CL","direction":"discipline>dept",\#(at("at", "10:00"))"#)]
        ),
        ("an assessment of ten", "assessment/AS", false, [("assessment.published", assessment)]),
    ]

    private static func complaint(_ kind: String) -> [(String, String)] {
        let id = #""complaintId":"CP","#
        return [
            (
                "complaint.filed",
                id
                    + #""kind":"\#(kind)","channel":"app","summary":"用电","category":"A07",\#(at("filedAt", "09:00"))"#
            ),
            ("complaint.assigned", id + #""toPersonRef":"P-1",\#(at("at", "09:01"))"#),
            (
                "complaint.responded",
                id
                    + #""by":{"personRef":"P-1","role":"park.staff"},"mode":"phone",\#(at("respondedAt", "09:10"))"#
            ),
            (
                "complaint.solution.proposed",
                id + #""planRef":"D","responsibleUnit":"U",\#(at("proposedAt", "11:00"))"#
            ),
            ("complaint.resolved", id + #""outcome":"done",\#(at("at", "16:00"))"#),
        ]
    }

    private static func classified(_ name: String) -> (String, String) {
        (
            "complaint.classified",
            #""complaintId":"CP","class":"\#(name)","approvedBy":"P-2",\#(at("at", "10:00"))"#
        )
    }

    private static func service(_ kind: String, _ reason: String) -> [(String, String)] {
        let id = #""serviceId":"SV","#
        return [
            ("service.requested", id + #""kind":"\#(kind)",\#(at("requestedAt", "09:00"))"#),
            ("service.paused", id + #""reason":"\#(reason)",\#(at("at", "10:00"))"#),
            ("service.resumed", id + #""reason":"\#(reason)",\#(at("at", "11:00"))"#),
            ("service.step.completed", id + #""step":"装表",\#(at("at", "12:00"))"#),
            ("service.completed", id + at("at", "16:00")),
        ]
    }

    private static func material(_ number: Int) -> (String, String) {
        (
            "approval.material.requested",
            #""approvalId":"AP","projectId":"PJ","materialCode":"M-\#(number)","stage":"一",\#(at("at", "10:0\(number)"))"#
        )
    }

    private static let visit = [
        (
            "visit.planned",
            #""visitId":"VS","deptId":"D","level":"county","purpose":"inspection",\#(at("start", "14:00")),\#(at("end", "16:00"))"#
        ), ("visit.contacted", #""visitId":"VS","byDept":"D","parkPersonRef":"P-1",\#(at("at", "09:00"))"#),
        ("visit.escort.assigned", #""visitId":"VS","personRef":"P-1",\#(at("at", "09:30"))"#),
        ("visit.started", #""visitId":"VS",\#(at("at", "14:00"))"#),
        ("visit.ended", #""visitId":"VS",\#(at("at", "16:00"))"#),
    ]

    private static func report(_ kind: String, _ number: String) -> String {
        #""reportId":"RP","subjectType":"\#(kind)","subjectId":"\#(number)","toRole":"county.linked","#
            + #""toPersonRef":"P-3","byDept":"D",\#(at("reportedAt", "09:00"))"#
    }

    private static let fine = [
        (
            "fine.issued",
            #""fineId":"FN","deptId":"D","amountFen":2000001,"currency":"CNY","revision":1,\#(at("decidedAt", "10:00"))"#
        ),
        (
            "fine.attributed",
            #""fineId":"FN","decisionId":"AD","attributable":true,"decidedBy":{"personRef":"P","role":"office"},\#(at("at", "11:00"))"#
        ),
        (
            "fine.revised",
            #""fineId":"FN","revision":2,"amountFen":1200000,"cause":"reconsideration",\#(at("at", "12:00"))"#
        ),
        (
            "fine.share.settled",
            #""fineId":"FN","personRef":"P-1","amountFen":100,"voucherRef":"V",\#(at("at", "13:00"))"#
        ),
    ]

    private static let assessment =
        #""assessmentId":"AS","scheme":"unit","year":2026,\#(at("publishedAt", "10:00")),"results":["#
        + (1...10).map { #"{"orgUnit":"D-\#($0)","grade":"合格","rank":\#($0)}"# }.joined(separator: ",") + "]"
}
