/// What may be shown of an obligation, by the `dataclassification` of the facts that a message could quote.
extension Obligation {
    private var classification: DataClassification {
        max(opening.classification, metBy?.classification ?? .public)
    }

    /// Messages say that there is something and until when, and nothing of what.
    var isSecret: Bool { rule.isRestricted || classification == .restricted }

    func mayTell(_ messageClass: MessageClass) -> Bool {
        messageClass == .personal || classification < .restricted
    }

    /// Whether the journal, and with it the log and the outcomes, may have more than names and times.
    var mayRecordDetails: Bool { classification < .restricted }

    /// Whether amounts of the data may stand in the message.
    func mayQuote(in messageClass: MessageClass) -> Bool {
        messageClass == .personal || classification < .confidential
    }
}

extension Fact {
    /// The data as the HTTP interface shows them: of a restricted event, what names it and says when.
    ///
    /// What its producer alone made restricted is still an enterprise's.
    package var shownData: Value {
        guard classification == .restricted else { return data }
        let schema = EventCatalogue.schema(kind)
        let whose = EventValidation.isRestricted(self) ? "" : "enterpriseId"
        let names = [schema.numberField, schema.timeField ?? "", whose]
        return .object((data.members ?? []).filter { names.contains($0.name) })
    }
}
