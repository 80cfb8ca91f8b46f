import Duty

/// Data fields of an event, in the order in which they are written down.
struct Fields: ExpressibleByDictionaryLiteral {
    private(set) var members: [(name: String, value: Value)]

    init(dictionaryLiteral elements: (String, Value)...) { members = elements.map { ($0.0, $0.1) } }

    static func + (left: Fields, right: Fields) -> Fields {
        var fields = left
        fields.members += right.members
        return fields
    }
}

/// A moment by the county's clock: `2026-11-23 14:05`, with or without seconds.
func local(_ text: String) -> Instant {
    let parts = text.split(separator: " ")
    let time = parts.count < 2 ? "00:00:00" : parts[1].count == 5 ? parts[1] + ":00" : parts[1]
    return instant(parts[0] + "T" + time + "+08:00")
}

/// The events that the articles are about.
extension Event {
    /// An event about the thing `number`, at a local time; it reaches us then, unless `received` says otherwise.
    static func on(
        _ time: String,
        _ kind: EventKind,
        _ number: String,
        id: String? = nil,
        received: String? = nil,
        of enterprise: String = enterprise,
        _ more: Fields = [:]
    ) throws -> Fact {
        let at = local(time)
        let bare = cloud(
            kind,
            id ?? "\(kind.rawValue) \(number) \(time)",
            of: number,
            at: at,
            enterprise: enterprise
        )
        var data = bare.data
        for field in more.members { data = data.setting(path: field.name, to: field.value) }
        let event = CloudEvent(attributes: bare.attributes, data: data)
        return try EventValidation.fact(event, receivedAt: received.map(local) ?? at)
    }

    // MARK: People

    static func role(
        _ person: String,
        _ role: String,
        _ from: String,
        until: String? = nil,
        received: String? = nil,
        of enterprise: String = enterprise
    ) throws -> Fact {
        let end: Fields = until.map { ["to": .string(local($0).rfc3339)] } ?? [:]
        return try on(
            from,
            .rosterAssigned,
            "",
            id: "role \(person) \(enterprise) \(from)",
            received: received,
            of: enterprise,
            [
                "assignmentId": .string("\(person)/\(enterprise)/\(from)"), "personRef": .string(person),
                "role": .string(role), "from": .string(local(from).rfc3339),
                "scope": ["enterpriseId": .string(enterprise)],
            ] + end
        )
    }

    /// Ends what `role(person, _, from)` began.
    static func roleEnds(
        _ person: String,
        _ role: String,
        _ from: String,
        at time: String,
        of enterprise: String = enterprise
    ) throws -> Fact {
        try on(
            time,
            .rosterEnded,
            "",
            id: "end \(person) \(enterprise) \(from)",
            of: enterprise,
            [
                "assignmentId": .string("\(person)/\(enterprise)/\(from)"), "personRef": .string(person),
                "role": .string(role), "from": .string(local(from).rfc3339),
                "to": .string(local(time).rfc3339), "scope": ["enterpriseId": .string(enterprise)],
            ]
        )
    }

    static func updated(
        _ time: String,
        from effective: String,
        received: String? = nil,
        of enterprise: String = enterprise,
        _ changes: Value
    ) throws -> Fact {
        try on(
            time,
            .enterpriseUpdated,
            enterprise,
            received: received,
            of: enterprise,
            ["changes": changes, "effectiveFrom": .string(effective)]
        )
    }

    // MARK: Visits

    static func planned(
        _ time: String,
        _ number: String,
        _ start: String,
        to end: String? = nil,
        by department: String = "D-MKT",
        for purpose: String = "inspection",
        version: Int64 = 1,
        received: String? = nil,
        of enterprise: String = enterprise,
        _ more: Fields = [:]
    ) throws -> Fact {
        let last = end.map(local) ?? local(start) + .hours(2)
        return try on(
            time,
            .visitPlanned,
            number,
            id: "planned \(number) v\(version)",
            received: received,
            of: enterprise,
            [
                "deptId": .string(department), "level": "county", "purpose": .string(purpose),
                "start": .string(local(start).rfc3339), "end": .string(last.rfc3339),
                "version": .integer(version),
            ] + more
        )
    }

    static func contacted(_ time: String, _ number: String, _ more: Fields = [:]) throws -> Fact {
        try on(time, .visitContacted, number, ["byDept": "D-MKT", "parkPersonRef": "staff"] + more)
    }

    static func escort(_ time: String, _ number: String) throws -> Fact {
        try on(time, .visitEscortAssigned, number, ["personRef": "staff"])
    }

    /// A plan, contact, escort and visit of a county leader, as it should be; the last fact is the end.
    static func research(
        _ number: String,
        _ day: String,
        of enterprise: String = enterprise,
        _ more: Fields = [:]
    ) throws -> [Fact] {
        [
            try planned(
                day + " 08:00",
                number,
                day + " 09:00",
                by: "D-CTY",
                for: "leaderResearch",
                of: enterprise,
                more
            ),
            try on(day + " 09:00", .visitStarted, number, of: enterprise, ["escortPersonRef": "staff"]),
            try on(day + " 11:00", .visitEnded, number, of: enterprise, more),
        ]
    }

    // MARK: Duties

    static func performed(
        _ time: String,
        _ code: String,
        by person: String,
        received: String? = nil,
        _ more: Fields = [:]
    ) throws -> Fact {
        try on(
            time,
            .dutyPerformed,
            code,
            id: "\(code) \(person) \(time)",
            received: received,
            ["personRef": .string(person)] + more
        )
    }

    static func assessment(
        _ time: String,
        _ number: String,
        _ scheme: String,
        _ results: [(who: String, grade: String, rank: Int64)]
    ) throws -> Fact {
        let field = scheme == "sectionChief" ? "personRef" : "orgUnit"
        let list = results.map { result in
            Value.object([
                Value.Member(field, .string(result.who)), Value.Member("grade", .string(result.grade)),
                Value.Member("rank", .integer(result.rank)),
            ])
        }
        return try on(
            time,
            .assessmentPublished,
            number,
            ["scheme": .string(scheme), "year": 2026, "results": .array(list)]
        )
    }

    // MARK: Records about records

    static func void(_ target: Fact, at time: String, id: String? = nil) throws -> Fact {
        try on(
            time,
            .recordVoided,
            target.key.id,
            id: id ?? "void \(target.key.id) \(time)",
            of: target.enterprise?.text ?? enterprise,
            ["targetType": .string(target.kind.rawValue)]
        )
    }

    static func correct(
        _ target: Fact,
        at time: String,
        id: String? = nil,
        _ patch: Value
    ) throws -> Fact {
        try on(
            time,
            .recordCorrected,
            target.key.id,
            id: id ?? "correct \(target.key.id) \(time)",
            of: target.enterprise?.text ?? enterprise,
            ["patch": patch, "targetType": .string(target.kind.rawValue)]
        )
    }
}
