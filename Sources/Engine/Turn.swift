import Duty
import Storage

extension Processor {
    /// What one batch does to which matters.
    struct Turn {
        /// Changes of enterprises for the past, which closed matters are asked about.
        var pastChanges: [EnterpriseID: PastChange] = [:]
        /// The policy that a matter is to be taken to.
        var moves: [MatterID: PolicyMove] = [:]

        /// In the order in which they are looked at.
        private var items: [(matter: MatterID, accepted: [Transition])] = []
        private var position = 0
        /// Where those stand that have not been looked at; empty while they are few.
        private var places: [MatterID: Int] = [:]
        /// Events of this batch, whatever matter they name.
        private var events: [EventKey] = []
        private var manyEvents: Set<EventKey> = []

        /// Up to so many are looked through one by one, which takes less than to make a table.
        private static let few = 8

        /// All that were touched, also those that have been looked at since.
        var matters: some Sequence<MatterID> { items.lazy.map(\.matter) }

        mutating func touch(_ matter: MatterID) { _ = place(of: matter) }

        /// With what the journal is to say of a fact that the matter has accepted.
        mutating func touch(_ matter: MatterID, with entry: Transition) {
            items[place(of: matter)].accepted.append(entry)
        }

        /// The next matter to be looked at; it can be touched again by what another one passes on to it.
        mutating func next() -> (matter: MatterID, accepted: [Transition])? {
            guard position < items.count else { return nil }
            defer { position += 1 }
            let accepted = items[position].accepted
            items[position].accepted = []
            if !places.isEmpty { places[items[position].matter] = nil }
            return (items[position].matter, accepted)
        }

        /// Whether the batch has not had this event yet, under whatever matter.
        mutating func isNew(_ event: EventKey) -> Bool {
            if events.count < Self.few {
                if events.contains(event) { return false }
                events.append(event)
                return true
            }
            if manyEvents.isEmpty { manyEvents = Set(events) }
            return manyEvents.insert(event).inserted
        }

        private mutating func place(of matter: MatterID) -> Int {
            if let place = known(matter) { return place }
            items.append((matter, []))
            if !places.isEmpty {
                places[matter] = items.count - 1
            } else if items.count - position > Self.few {
                for place in position..<items.count { places[items[place].matter] = place }
            }
            return items.count - 1
        }

        private func known(_ matter: MatterID) -> Int? {
            if !places.isEmpty { return places[matter] }
            return items[position...].firstIndex { $0.matter == matter }
        }
    }
}
