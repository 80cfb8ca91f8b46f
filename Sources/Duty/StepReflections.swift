/// Facts for other matters: those that are new are passed on, those that no longer hold are voided.
extension Stepper {
    mutating func passOn() {
        var wanted: Set<String> = []
        for fact in derivation.reflections {
            wanted.insert(fact.key.id)
            let known = result.state.reflected[fact.key.id]
            guard known.map({ !$0.isLive }) ?? true else { continue }
            let turn = (known?.turn ?? 0) + 1
            result.state.reflected[fact.key.id] = MatterState.Reflected(
                target: fact.matter,
                turn: turn,
                isLive: true
            )
            result.emissions.append(fact.renamed(Self.id(fact.key.id, turn)))
        }
        for (id, reflected) in result.state.reflected.sorted(by: { $0.key < $1.key })
        where reflected.isLive && !wanted.contains(id) {
            result.state.reflected[id]?.isLive = false
            result.emissions.append(void(Self.id(id, reflected.turn), in: reflected.target))
        }
    }

    private static func id(_ id: String, _ turn: Int) -> String { turn == 1 ? id : id + "~" + String(turn) }

    private func void(_ id: String, in matter: MatterID) -> Fact {
        Fact(
            key: EventKey(source: Fact.reflectionSource, id: "void>" + id),
            kind: .recordVoided,
            matter: matter,
            enterprise: nil,
            time: now,
            receivedAt: now,
            data: ["targetId": .string(id), "at": .string(now.rfc3339)]
        )
    }
}
