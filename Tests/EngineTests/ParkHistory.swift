import Duty

/// Half a quarter of a park as nobody would plan it: every kind of event that one matter passes on to another, and those that
/// change what is known of all.
struct ParkHistory {
    private var random: SeededGenerator
    private(set) var events: [CloudEvent] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        for number in 0..<8 { enterprise(number) }
        for number in 0..<40 { complaint("C-\(number)") }
        for number in 0..<24 { visit("V-\(number)") }
        for number in 0..<12 { fine("F-\(number)") }
        for number in 0..<10 { proceedings("S-\(number)") }
        changes()
        events.append(events[0])
        events.shuffle(using: &random)
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private mutating func moment(_ days: ClosedRange<Int64> = 0...50) -> Instant {
        World.monday + .days(Int64.random(in: days, using: &random))
            + .minutes(Int64.random(in: 0..<600, using: &random))
    }

    private mutating func someEnterprise() -> String { "E-\(Int.random(in: 0..<8, using: &random))" }

    private mutating func add(
        _ kind: EventKind,
        _ id: String,
        of number: String = "1",
        at: Instant,
        _ enterprise: String,
        _ more: KeyValuePairs<String, Value> = [:]
    ) {
        events.append(Event.cloud(kind, id, of: number, at: at, enterprise: enterprise, more))
    }

    private mutating func enterprise(_ number: Int) {
        let name = "E-\(number)"
        add(
            .enterpriseRegistered,
            "reg-\(name)",
            of: name,
            at: World.monday - .days(20),
            name,
            ["parkId": "PK-1", "aboveScale": true, "inNormalProduction": .bool(number % 3 != 0)]
        )
        for (role, people) in [("park.staff", 3), ("park.leader", 2), ("county.linked", 2)] {
            assigned(
                "\(role)-\(name)",
                "P-\(role)-\(number % people)",
                role,
                name,
                at: World.monday - .days(19)
            )
        }
    }

    private mutating func assigned(
        _ id: String,
        _ person: String,
        _ role: String,
        _ enterprise: String,
        at: Instant
    ) {
        add(
            .rosterAssigned,
            "ra-\(id)",
            at: at,
            enterprise,
            [
                "assignmentId": .string(id), "personRef": .string(person), "role": .string(role),
                "from": .string(at.rfc3339), "scope": ["enterpriseId": .string(enterprise)],
            ]
        )
    }

    private mutating func complaint(_ id: String) {
        let (name, at) = (someEnterprise(), moment())
        // Some are never filed: what speaks of them waits in vain.
        if !chance(8) { add(.complaintFiled, "f-\(id)", of: id, at: at, name) }
        if !chance(3) {
            add(
                .complaintResponded,
                "r-\(id)",
                of: id,
                at: at + .minutes(Int64.random(in: 1..<90, using: &random)),
                name
            )
        }
        if chance(5) { target(.recordVoided, "v-\(id)", "f-\(id)", at: at + .hours(2), name) }
        if chance(6) {
            target(
                .recordCorrected,
                "k-\(id)",
                "f-\(id)",
                at: at + .hours(3),
                name,
                ["enterpriseId": .string(someEnterprise())]
            )
        }
    }

    private mutating func target(
        _ kind: EventKind,
        _ id: String,
        _ target: String,
        at: Instant,
        _ enterprise: String,
        _ patch: Value? = nil
    ) {
        let type = target.hasPrefix("ra-") ? EventKind.rosterAssigned : .complaintFiled
        var event = Event.cloud(
            kind,
            id,
            at: at,
            enterprise: enterprise,
            ["targetId": .string(target), "targetType": .string(type.rawValue)]
        )
        if let patch {
            event = CloudEvent(
                attributes: event.attributes,
                data: event.data.setting(path: "patch", to: patch)
            )
        }
        events.append(event)
    }

    private mutating func visit(_ id: String) {
        let (name, start) = (someEnterprise(), moment())
        let isLeader = chance(3)
        add(
            .visitPlanned,
            "vp-\(id)",
            of: id,
            at: start - .days(2),
            name,
            [
                "deptId": .string("D-\(Int.random(in: 0..<3, using: &random))"), "level": "county",
                "purpose": isLeader ? "leaderResearch" : "inspection", "start": .string(start.rfc3339),
                "end": .string((start + .hours(2)).rfc3339),
            ]
        )
        if chance(2) {
            add(
                .visitContacted,
                "vc-\(id)",
                of: id,
                at: start - .days(1),
                name,
                ["byDept": "D-0", "parkPersonRef": "P-1"]
            )
        }
        if chance(6) { return add(.visitCancelled, "vx-\(id)", of: id, at: start - .hours(3), name) }
        add(.visitStarted, "vs-\(id)", of: id, at: start, name)
        if !chance(4) { add(.visitEnded, "ve-\(id)", of: id, at: start + .hours(2), name) }
    }

    private mutating func fine(_ id: String) {
        let (name, at) = (someEnterprise(), moment())
        add(
            .fineIssued,
            "fi-\(id)",
            of: id,
            at: at,
            name,
            [
                "penaltyId": .string("PN-\(id)"), "deptId": "D-1",
                "amountFen": .integer(Int64.random(in: 1..<900_000, using: &random)),
            ]
        )
        if chance(2) {
            add(
                .fineAttributed,
                "fa-\(id)",
                of: id,
                at: at + .days(3),
                name,
                ["attributable": true, "decidedBy": "P-9"]
            )
        }
    }

    private mutating func proceedings(_ id: String) {
        let (name, at) = (someEnterprise(), moment())
        if chance(2) {
            add(
                .reportMade,
                "rm-\(id)",
                at: at - .hours(5),
                name,
                ["kind": "case", "caseId": .string(id), "toPersonRef": "P-county.linked-0"]
            )
        }
        add(.caseOpened, "co-\(id)", of: id, at: at, name, ["deptId": "D-2"])
    }

    /// Of what is known of everybody, in the middle of all.
    private mutating func changes() {
        let name = someEnterprise()
        add(
            .rosterEnded,
            "re-1",
            at: moment(),
            name,
            [
                "assignmentId": .string("park.staff-\(name)"), "personRef": "-", "role": "-",
                "from": "2026-01-01", "scope": ["enterpriseId": .string(name)],
            ]
        )
        assigned("new-\(name)", "P-park.staff-9", "park.staff", name, at: moment())
        target(
            .recordCorrected,
            "rk-1",
            "ra-county.linked-E-1",
            at: moment(),
            "E-1",
            ["scope": ["enterpriseId": "E-2"]]
        )
        target(.recordVoided, "rv-1", "ra-park.leader-E-3", at: moment(), "E-3")
        add(
            .enterpriseUpdated,
            "eu-1",
            of: name,
            at: moment(),
            name,
            ["changes": ["aboveScale": false], "effectiveFrom": "2026-12-01"]
        )
        add(
            .enterpriseDeregistered,
            "ed-1",
            of: "E-7",
            at: moment(30...50),
            "E-7",
            ["reason": "merged", "mergedInto": "E-0"]
        )
        add(
            .calendarPublished,
            "cal-1",
            at: moment(10...20),
            "E-0",
            [
                "year": 2027, "revision": 1, "docNo": "国办发明电〔2026〕8号",
                "offDays": ["2027-01-01", "2027-01-04"], "makeupWorkdays": [],
            ]
        )
    }
}
