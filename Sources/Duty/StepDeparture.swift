/// A matter that goes over to another enterprise: what was said of it to the people of the one before.
extension Stepper {
    /// Tells those who are concerned no longer that what they last heard does not hold.
    ///
    /// After a merger these are the ones who would have had to act for what is open. Where the matter was entered for
    /// the wrong enterprise, nothing that anybody was told of it was true: all hear that, and those whom it concerns
    /// hear it anew, of the right one.
    mutating func takeLeave() {
        guard let departure = context.departure else { return }
        subject = departure.from
        defer { subject = context.enterprise }
        for record in result.state.records where !record.isWithdrawn {
            takeLeave(record, departure)
        }
    }

    private mutating func takeLeave(_ record: MatterState.Record, _ departure: StepContext.Departure) {
        guard let rule = context.rule(record.key.rule) else { return }
        for index in result.state.told.indices where result.state.told[index].obligation == record.key {
            let told = result.state.told[index]
            guard !told.isClosed, !departure.isByMerger || leaves(told, record) else { continue }
            // Also where a silence keeps it back: it is said of another enterprise then, or no more.
            result.state.told[index].isClosed = true
            guard !told.key.isEmpty else { continue }
            _ = withdraw(told, record, of: rule, reason: "moved")
        }
    }

    /// Whether somebody was told of something open that is no business of theirs any more.
    private func leaves(_ told: MatterState.Told, _ record: MatterState.Record) -> Bool {
        guard record.kind != "notice", record.phase.isActive, !told.recipient.isGroup,
            let obligation = derivation.obligations.first(where: { $0.key == record.key })
        else { return false }
        return !obligation.escalation.steps.contains { concerns($0, told, obligation) }
    }
}
