import Duty

/// Journal records and ledger entries as the bytes that are hashed and kept.
enum RecordCodec {
    static func encode(_ record: JournalRecord) -> [UInt8] {
        var writer = JSONWriter(capacity: 768)
        writer.object { writer in
            writer.member("matter", optional: record.matter?.text)
            writer.member("enterprise", optional: record.enterprise?.text)
            writer.member("policy", optional: record.policyVersion)
            writer.member("at", record.at)
            writer.name("entries")
            writer.array { writer in
                for entry in record.entries {
                    writer.object { writer in
                        writer.member("action", entry.action)
                        writer.member("rule", optional: entry.rule?.text)
                        if let article = entry.article { writer.member("article", Int64(article)) }
                        writer.member("cycle", Int64(entry.cycle))
                        writer.member("at", entry.at)
                        writer.member("fields", entry.fields)
                    }
                }
            }
        }
        return writer.bytes
    }

    static func journal(_ bytes: [UInt8], sequence: Int64) throws -> JournalRecord {
        let value = try JSONReader.decode(bytes)
        let entries = try (value["entries"]?.array ?? []).map { entry in
            Transition(
                action: try entry.needText("action"),
                rule: entry["rule"]?.string.map { RuleID($0) },
                article: entry["article"]?.integer.map { Int($0) },
                cycle: Int(try entry.needInteger("cycle")),
                at: try entry.needInstant("at"),
                fields: try entry.need("fields")
            )
        }
        var record = JournalRecord(
            matter: value["matter"]?.string.map { MatterID($0) },
            enterprise: value["enterprise"]?.string.map { EnterpriseID($0) },
            policyVersion: value["policy"]?.string,
            at: try value.needInstant("at"),
            entries: entries
        )
        record.sequence = sequence
        return record
    }

    static func encode(_ entry: LedgerEntry) -> [UInt8] {
        let posting = entry.posting
        var writer = JSONWriter(capacity: 512)
        writer.object { writer in
            writer.member("entryId", posting.entryID)
            writer.member("at", entry.at)
            writer.member("fine", posting.fine.text)
            writer.member("revision", posting.revision)
            writer.member("kind", posting.kind.rawValue)
            writer.member("person", optional: posting.person?.text)
            writer.member("role", posting.role.text)
            writer.member("amount", posting.amount.amount)
            writer.member("balance", posting.balanceAfter.amount)
            writer.member("decision", posting.decisionID)
            writer.member("roster", .array(posting.rosterSnapshot.map { .string($0) }))
            writer.member("rules", entry.ruleVersion)
            writer.member("basis", entry.basis)
            writer.member("causeSource", optional: posting.cause?.source)
            writer.member("cause", optional: posting.cause?.id)
        }
        return writer.bytes
    }

    static func ledger(
        _ bytes: [UInt8],
        sequence: Int64,
        previous: [UInt8],
        hash: [UInt8]
    ) throws -> LedgerEntry {
        let value = try JSONReader.decode(bytes)
        guard let kind = LedgerPosting.Kind(rawValue: try value.needText("kind")) else {
            throw CorruptRow(what: "ledger kind")
        }
        let cause = value["cause"]?.string.map {
            EventKey(source: value["causeSource"]?.string ?? "", id: $0)
        }
        let posting = LedgerPosting(
            entryID: try value.needText("entryId"),
            fine: MatterID(try value.needText("fine")),
            revision: try value.needInteger("revision"),
            kind: kind,
            person: value["person"]?.string.map { PersonRef($0) },
            role: RoleID(try value.needText("role")),
            amount: Fen(try value.needInteger("amount")),
            balanceAfter: Fen(try value.needInteger("balance")),
            decisionID: try value.needText("decision"),
            rosterSnapshot: (value["roster"]?.array ?? []).compactMap(\.string),
            cause: cause
        )
        var entry = LedgerEntry(
            posting: posting,
            at: try value.needInstant("at"),
            ruleVersion: try value.needText("rules"),
            basis: try value.needText("basis")
        )
        entry.sequence = sequence
        entry.hash = hash.hex
        entry.previousHash = previous.hex
        return entry
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal digits.
    package var hex: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
