/// What makes a fact the same one, whatever id it was sent under.
extension Fact {
    /// Names it among the facts of its matter; empty where the matter has one such fact at most.
    ///
    /// What other matters pass on keeps the id of the event there: it is told from others by that alone.
    var businessKey: String {
        if isReflected { return key.id }
        let said: Value
        switch EventCatalogue.identity(kind) {
        case .matter: return ""
        case .fields(let fields): said = .array(fields.map { $0.value(in: data) })
        case .everything: said = data
        }
        return ContentHash.short(JSONWriter.encode([.string(kind.rawValue), said]))
    }
}

extension EventCatalogue {
    /// What tells facts of one kind and matter from each other.
    enum Identity {
        /// There is one at most: its number is the matter's.
        case matter
        case fields([IdentityField])
        /// Only what says the same in every field is the same.
        case everything
    }

    struct IdentityField {
        let name: String
        /// What it means where it is missing; a null counts as missing.
        let otherwise: Value

        init(_ name: String, or otherwise: Value = .null) {
            self.name = name
            self.otherwise = otherwise
        }

        func value(in data: Value) -> Value {
            let value = data[name] ?? .null
            return value == .null ? otherwise : value
        }
    }

    static func identity(_ kind: EventKind) -> Identity { identities[kind.ordinal] }

    private static let identities = EventKind.allCases.map(makeIdentity)

    private static func makeIdentity(_ kind: EventKind) -> Identity {
        func fields(_ names: String...) -> Identity { .fields(names.map { IdentityField($0) }) }
        switch kind {
        case .complaintFiled, .serviceRequested, .caseOpened, .penaltyDecided, .fineIssued,
            .enterpriseRegistered, .assessmentPublished:
            return .matter
        // One list of one approval has each material once.
        case .approvalMaterialRequested:
            let names = ["approvalId", "stage", "materialCode"]
            return .fields(names.map { IdentityField($0) } + [IdentityField("round", or: 1)])
        case .approvalIntermediaryRequired: return fields("approvalId", "stage", "serviceCode", "agency")
        case .projectMilestone: return fields("milestone")
        case .serviceStepCompleted: return fields("step")
        // Another price is another quotation.
        case .feeQuoted: return fields("item", "amountFen", "baseGuidePriceFen")
        case .visitPlanned: return .fields([IdentityField("version", or: 1)])
        // To somebody else it is another report, or another assignment.
        case .reportMade: return fields("reportId", "toPersonRef")
        case .rosterAssigned: return fields("assignmentId", "personRef", "role")
        default: return .everything
        }
    }
}

extension Deriver {
    /// The facts without those that say once more what an earlier one has said, each with its business key.
    func distinct(_ facts: [Fact]) -> [(fact: Fact, subject: String)] {
        var seen: Set<String> = []
        return facts.compactMap { fact in
            let subject = fact.businessKey
            return seen.insert(subject).inserted ? (fact, subject) : nil
        }
    }
}
