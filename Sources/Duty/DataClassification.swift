/// How widely the data of an event may be shown (CloudEvents extension `dataclassification`).
package enum DataClassification: String, Sendable, Hashable, CaseIterable, Comparable {
    case `public`
    /// What an event without the attribute is.
    case `internal`
    /// Words and amounts of the data reach messages to one person alone.
    case confidential
    /// The data stay in the store: outside, numbers and times alone, and to single persons.
    case restricted

    package static func < (left: DataClassification, right: DataClassification) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .public: 0
        case .internal: 1
        case .confidential: 2
        case .restricted: 3
        }
    }
}
