/// What can be measured, in the order in which it is.
enum Phase: String, CaseIterable {
    case store
    case kafka
    case latency
    case lateness
    case dispatch
    case derive
    case replay
    case million
    case pages
}

/// What the command line asks for.
struct Invocation {
    /// Words that cannot be understood.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    /// The address of a Kafka broker; nil: the embedded one.
    let bootstrap: String?
    let phases: [Phase]

    /// Reads `[ADDRESS [PHASE…]]`, where the address may be the word `embedded`; no phase means all.
    init(_ arguments: [String]) throws(Mistake) {
        let address = arguments.first ?? "embedded"
        guard address == "embedded" || address.contains(":") else {
            throw Mistake(description: "\(address) is neither HOST:PORT nor the word embedded")
        }
        bootstrap = address == "embedded" ? nil : address
        let names = Set(arguments.dropFirst())
        let known = Phase.allCases.map(\.rawValue)
        let unknown = names.subtracting(known).sorted()
        guard unknown.isEmpty else {
            let list = known.joined(separator: ", ")
            throw Mistake(description: "no phase \(unknown.joined(separator: ", ")); there are: \(list)")
        }
        phases = Phase.allCases.filter { names.isEmpty || names.contains($0.rawValue) }
    }
}
