extension MatterState {
    /// A fact that another matter has because of this one.
    package struct Reflected: Sendable, Hashable {
        package let target: MatterID
        /// Grows each time it is passed on again.
        package var turn: Int
        /// Not voided since.
        package var isLive: Bool

        package init(target: MatterID, turn: Int, isLive: Bool) {
            self.target = target
            self.turn = turn
            self.isLive = isLive
        }
    }
}
