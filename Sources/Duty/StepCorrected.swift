/// Who was told of somebody, or of an amount, that has turned out to be another.
extension Stepper {
    /// What its fact says that decides who is told, and how much it is about; empty where it says nothing of either.
    static func about(_ obligation: Obligation) -> String {
        let data = obligation.opening.data
        let said = decisive.compactMap { name in data[name].map { Value.Member(name, $0) } }
        return said.isEmpty ? "" : ContentHash.short(JSONWriter.encode(.object(said)))
    }

    private static let decisive = ["deptId", "byDept", "orgUnit", "personRef", "toPersonRef", "amountFen"]

    /// Takes back what was told before that changed; the step that holds is then told anew, to whom it concerns now.
    mutating func takeBackCorrected(_ obligation: Obligation) {
        var known: String?
        for index in result.state.told.indices {
            let told = result.state.told[index]
            guard told.obligation == obligation.key, !told.isClosed else { continue }
            let about = known ?? Self.about(obligation)
            known = about
            guard told.about != about else { continue }
            // What was told without naming anybody was not wrong, and who is named since hears the next step; of news
            // there is none.
            let stands = told.about.map { $0.isEmpty && !obligation.isNotice } ?? true
            if stands || takeBack(index, obligation, reason: "corrected") {
                result.state.told[index].about = about
            }
        }
    }
}
