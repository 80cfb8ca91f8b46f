extension MatterState {
    /// Says what people were told in the steps of another policy's ladders.
    ///
    /// Steps are remembered by their places. The place of a step is that of the step with the same name; where there
    /// is none, that of the last step before it that both ladders have, so that nothing told is told again.
    package mutating func translate(from old: [Obligation], to new: [Obligation]) {
        let ladders = Dictionary(new.map { ($0.key, $0.escalation) }) { first, _ in first }
        for obligation in old {
            guard let ladder = ladders[obligation.key] else { continue }
            let before = obligation.escalation.steps.map(\.stage)
            let after = ladder.steps.map(\.stage)
            if before == after { continue }
            for index in told.indices where told[index].obligation == obligation.key {
                told[index].rung = Self.place(of: told[index].rung, before, after)
            }
            for index in records.indices where records[index].key == obligation.key {
                records[index].warnedRung = Self.place(of: records[index].warnedRung, before, after)
            }
        }
    }

    private static func place(of rung: Int, _ before: [String], _ after: [String]) -> Int {
        guard rung >= 0 else { return rung }
        let step = rung / Stepper.repetitions
        if step < before.count, let same = after.firstIndex(of: before[step]) {
            return same * Stepper.repetitions + rung % Stepper.repetitions
        }
        for stage in before.prefix(step).reversed() {
            // Counted as repeated ever so often: the step itself has been passed.
            if let place = after.firstIndex(of: stage) {
                return place * Stepper.repetitions + Stepper.repetitions - 1
            }
        }
        return -1
    }
}
