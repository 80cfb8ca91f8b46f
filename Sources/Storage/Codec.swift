import Duty

/// A row that does not read back: the file was changed by something else.
struct CorruptRow: Error, CustomStringConvertible {
    let what: String
    var description: String { "unreadable \(what)" }
}

extension Value {
    func need(_ name: String) throws -> Value {
        guard let value = self[name] else { throw CorruptRow(what: "member \(name)") }
        return value
    }
    func needText(_ name: String) throws -> String {
        guard let text = self[name]?.string else { throw CorruptRow(what: "text \(name)") }
        return text
    }
    func needInteger(_ name: String) throws -> Int64 {
        guard let number = self[name]?.integer else { throw CorruptRow(what: "number \(name)") }
        return number
    }
    func instant(_ name: String) -> Instant? { self[name]?.integer.map { Instant(microseconds: $0) } }
    func needInstant(_ name: String) throws -> Instant { Instant(microseconds: try needInteger(name)) }
}

extension JSONWriter {
    mutating func member(_ name: String, _ instant: Instant?) {
        if let instant { member(name, instant.microseconds) }
    }
    mutating func member(_ name: String, optional text: String?) {
        if let text { member(name, text) }
    }
}

/// Facts as rows.
enum FactCodec {
    static func encode(_ fact: Fact) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.object { writer in
            writer.member("k", fact.kind.rawValue)
            writer.member("e", optional: fact.enterprise?.text)
            writer.member("t", fact.time)
            writer.member("w", fact.recordedAt)
            writer.member("r", fact.receivedAt)
            writer.member("p", optional: fact.traceparent)
            if fact.classification != .internal { writer.member("c", fact.classification.rawValue) }
            writer.member("d", fact.data)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], key: EventKey, matter: MatterID) throws -> Fact {
        let value = try JSONReader.decode(bytes)
        guard let kind = EventKind(rawValue: try value.needText("k")) else { throw CorruptRow(what: "kind") }
        return Fact(
            key: key,
            kind: kind,
            matter: matter,
            enterprise: value["e"]?.string.map { EnterpriseID($0) },
            time: value.instant("t"),
            recordedAt: value.instant("w"),
            receivedAt: try value.needInstant("r"),
            traceparent: value["p"]?.string,
            classification: value["c"]?.string.flatMap { DataClassification(rawValue: $0) } ?? .internal,
            data: try value.need("d")
        )
    }
}

/// What has been recorded and told of a matter, as one column.
enum StateCodec {
    static func encode(_ state: MatterState) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.object { writer in
            writer.name("records")
            writer.array { writer in for record in state.records { encode(record, &writer) } }
            writer.name("told")
            writer.array { writer in for told in state.told { encode(told, &writer) } }
            if !state.posted.isEmpty {
                writer.name("posted")
                writer.array { writer in for posted in state.posted { encode(posted, &writer) } }
            }
            if !state.entryKeys.isEmpty {
                writer.member("entryKeys", .array(state.entryKeys.sorted().map { .string($0) }))
            }
            if !state.settled.isEmpty {
                let events = state.settled.sorted { $0.key < $1.key }.map { event, payment in
                    Value.array([
                        .string(event.source), .string(event.id), .string(payment.person.text),
                        .integer(payment.amount.amount),
                    ])
                }
                writer.member("settled", .array(events))
            }
            if !state.refundDue.isEmpty {
                let people = state.refundDue.sorted { $0.key < $1.key }.map { person, amount in
                    Value.array([.string(person.text), .integer(amount.amount)])
                }
                writer.member("refundDue", .array(people))
            }
            if state.isOrphanReported { writer.member("orphan", true) }
            if let rating = state.rating {
                let parts: [Value] = [
                    .integer(rating.at.microseconds), .bool(rating.isSolved), .bool(rating.isSatisfied),
                ]
                writer.member("rating", .array(parts))
            }
            if !state.refused.isEmpty {
                let events = state.refused.sorted().map { Value.array([.string($0.source), .string($0.id)]) }
                writer.member("refused", .array(events))
            }
            if !state.silenced.isEmpty {
                let keys = state.silenced.sorted { $0.key < $1.key }.map {
                    Value.Member($0.key, .string($0.value))
                }
                writer.member("silenced", .object(keys))
            }
            if !state.reflected.isEmpty {
                let facts = state.reflected.sorted { $0.key < $1.key }.map { id, fact in
                    Value.array([
                        .string(id), .string(fact.target.text), .integer(Int64(fact.turn)),
                        .bool(fact.isLive),
                    ])
                }
                writer.member("reflected", .array(facts))
            }
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> MatterState {
        let value = try JSONReader.decode(bytes)
        var state = MatterState()
        state.records = try (value["records"]?.array ?? []).map(record)
        state.told = try (value["told"]?.array ?? []).map(told)
        state.posted = try (value["posted"]?.array ?? []).map(posted)
        state.entryKeys = Set((value["entryKeys"]?.array ?? []).compactMap(\.string))
        for payment in value["settled"]?.array ?? [] {
            guard let parts = payment.array, parts.count == 4, let source = parts[0].string,
                let id = parts[1].string,
                let person = parts[2].string, let amount = parts[3].integer
            else { throw CorruptRow(what: "settlement") }
            state.settled[EventKey(source: source, id: id)] = MatterState.Settled(
                person: PersonRef(person),
                amount: Fen(amount)
            )
        }
        for refund in value["refundDue"]?.array ?? [] {
            guard let parts = refund.array, parts.count == 2, let person = parts[0].string,
                let amount = parts[1].integer
            else { throw CorruptRow(what: "refund due") }
            state.refundDue[PersonRef(person)] = Fen(amount)
        }
        state.isOrphanReported = value["orphan"]?.bool ?? false
        if let rating = value["rating"]?.array {
            guard rating.count == 3, let at = rating[0].integer else { throw CorruptRow(what: "rating") }
            state.rating = MatterState.Rating(
                at: Instant(microseconds: at),
                isSolved: rating[1].bool ?? false,
                isSatisfied: rating[2].bool ?? false
            )
        }
        for event in value["refused"]?.array ?? [] {
            guard let parts = event.array, parts.count == 2, let source = parts[0].string,
                let id = parts[1].string
            else { throw CorruptRow(what: "refused event") }
            state.refused.insert(EventKey(source: source, id: id))
        }
        for member in value["silenced"]?.members ?? [] { state.silenced[member.name] = member.value.string }
        for fact in value["reflected"]?.array ?? [] {
            guard let parts = fact.array, parts.count == 4, let id = parts[0].string,
                let target = parts[1].string, let turn = parts[2].integer, let isLive = parts[3].bool
            else { throw CorruptRow(what: "reflected fact") }
            state.reflected[id] = MatterState.Reflected(
                target: MatterID(target),
                turn: Int(turn),
                isLive: isLive
            )
        }
        return state
    }

    private static func encode(_ key: ObligationKey, _ writer: inout JSONWriter) {
        writer.member("rule", key.rule.text)
        writer.member("cycle", Int64(key.cycle))
        if !key.subject.isEmpty { writer.member("subject", key.subject) }
    }

    private static func key(_ value: Value) throws -> ObligationKey {
        ObligationKey(
            rule: RuleID(try value.needText("rule")),
            cycle: Int(try value.needInteger("cycle")),
            subject: value["subject"]?.string ?? ""
        )
    }

    private static func encode(_ record: MatterState.Record, _ writer: inout JSONWriter) {
        writer.object { writer in
            encode(record.key, &writer)
            writer.member("article", Int64(record.article))
            writer.member("kind", record.kind)
            writer.member("opened", record.openedAt)
            writer.member("due", record.dueAt)
            writer.member("phase", record.phase.rawValue)
            writer.member("met", record.metAt)
            writer.member("breached", record.breachedAt)
            if record.isLateIngest { writer.member("late", true) }
            if record.isWithdrawn { writer.member("withdrawn", true) }
            writer.member("warned", Int64(record.warnedRung))
            if record.isProvisional { writer.member("provisional", true) }
            if let amount = record.amount { writer.member("amount", amount.amount) }
        }
    }

    private static func record(_ value: Value) throws -> MatterState.Record {
        guard let phase = Obligation.Phase(rawValue: try value.needText("phase")) else {
            throw CorruptRow(what: "phase")
        }
        var record = MatterState.Record(
            key: try key(value),
            article: Int(try value.needInteger("article")),
            kind: try value.needText("kind"),
            openedAt: try value.needInstant("opened"),
            dueAt: value.instant("due"),
            phase: phase,
            metAt: value.instant("met"),
            breachedAt: value.instant("breached"),
            isLateIngest: value["late"]?.bool ?? false,
            isWithdrawn: value["withdrawn"]?.bool ?? false,
            warnedRung: Int(try value.needInteger("warned"))
        )
        record.isProvisional = value["provisional"]?.bool ?? false
        record.amount = value["amount"]?.integer.map { Fen($0) }
        return record
    }

    private static func encode(_ told: MatterState.Told, _ writer: inout JSONWriter) {
        writer.object { writer in
            encode(told.obligation, &writer)
            writer.member("person", told.recipient.person.text)
            writer.member("role", told.recipient.role.text)
            writer.member("class", told.messageClass.text)
            writer.member("rung", Int64(told.rung))
            writer.member("alarm", told.isAlarm)
            writer.member("turn", Int64(told.turn))
            if told.isClosed { writer.member("closed", true) }
            if told.isEarly { writer.member("early", true) }
            if let about = told.about { writer.member("about", about) }
            writer.member("due", told.dueAt)
            writer.member("key", told.key)
            if let asked = told.asked {
                let numbers = [
                    Int64(asked.turn), asked.at.microseconds, Int64(asked.again), Int64(asked.unanswered),
                ]
                writer.member("asked", .array(numbers.map { .integer($0) }))
            }
        }
    }

    private static func told(_ value: Value) throws -> MatterState.Told {
        var told = MatterState.Told(
            obligation: try key(value),
            recipient: Recipient(
                person: PersonRef(try value.needText("person")),
                role: RoleID(try value.needText("role"))
            ),
            messageClass: MessageClass(try value.needText("class")),
            rung: Int(try value.needInteger("rung")),
            isAlarm: value["alarm"]?.bool ?? false,
            turn: Int(try value.needInteger("turn")),
            isClosed: value["closed"]?.bool ?? false,
            dueAt: value.instant("due"),
            key: try value.needText("key")
        )
        told.isEarly = value["early"]?.bool ?? false
        told.about = value["about"]?.string
        if let asked = value["asked"]?.array?.compactMap(\.integer) {
            guard asked.count == 4 else { throw CorruptRow(what: "asking") }
            told.asked = MatterState.Told.Asked(
                turn: Int(asked[0]),
                at: Instant(microseconds: asked[1]),
                again: Int(asked[2]),
                unanswered: Int(asked[3])
            )
        }
        return told
    }

    private static func encode(_ posted: MatterState.Posted, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("person", optional: posted.person?.text)
            writer.member("role", posted.role.text)
            writer.member("amount", posted.amount.amount)
            if let told = posted.toldAmount { writer.member("told", told.amount) }
            if let fine = posted.toldFine { writer.member("fine", fine.amount) }
        }
    }

    private static func posted(_ value: Value) throws -> MatterState.Posted {
        MatterState.Posted(
            person: value["person"]?.string.map { PersonRef($0) },
            role: RoleID(try value.needText("role")),
            amount: Fen(try value.needInteger("amount")),
            toldAmount: value["told"]?.integer.map { Fen($0) },
            toldFine: value["fine"]?.integer.map { Fen($0) }
        )
    }
}
