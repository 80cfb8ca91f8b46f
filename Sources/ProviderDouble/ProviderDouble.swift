import Duty

/// Stands in for the providers of chat, text messages and calls: speaks their interfaces, checks what the sender
/// sends by code of its own, keeps their limits, and misbehaves as a script says.
package actor ProviderDouble {
    private let wall: @Sendable () -> Instant
    private var clock: DoubleClock
    private var memory = DoubleMemory()
    private var rules: [DoubleRule] = []
    private var limits = LimitBook()
    private var journal = DoubleJournal()
    /// What WeCom has delivered, with the moment until which a repetition is found.
    private var fingerprints: [String: Instant] = [:]

    /// A double that lets its limits run `scale` times as fast as the clock `now`.
    package init(now: @escaping @Sendable () -> Instant, scale: Double = 1) {
        wall = now
        clock = DoubleClock(origin: now(), scale: scale)
    }

    /// Decides about one request; nil if it addresses no provider.
    func react(to request: DoubleRequest) -> Reaction? {
        guard let provider = Provider.addressed(by: request) else { return nil }
        memory.now = wall()
        memory.limitNow = clock.now(memory.now)
        let api = provider.api
        do throws(Refusal) {
            let letter = try api.read(request, &memory)
            return judge(letter, provider, api, request)
        } catch {
            note(request, provider, nil, .refused, code: error.code, isScripted: false)
            return Reaction(answer: api.refusal(error, of: nil), manner: .once, delay: .zero)
        }
    }

    private func judge(
        _ letter: Letter,
        _ provider: Provider,
        _ api: any ProviderAPI,
        _ request: DoubleRequest
    ) -> Reaction {
        let rule = takeRule(provider, request, letter)
        let delay = rule?.delay ?? .zero
        if let refusal = rule?.refusal(of: provider) {
            let verdict = rule?.isThrottle == true ? Verdict.overLimit : .refused
            note(request, provider, letter, verdict, code: refusal.code, isScripted: true)
            if WecomAppAPI.voidsToken(refusal.code), provider == .wecomApp { memory.tokens = [:] }
            return Reaction(answer: api.refusal(refusal, of: letter), manner: .once, delay: delay)
        }
        let exceeded = limits.admit(api.limits(letter), now: memory.limitNow)
        for limit in exceeded {
            guard case .refuse(let code, let message) = limit.excess else { continue }
            note(request, provider, letter, .overLimit, code: code, isScripted: false)
            return Reaction(
                answer: api.refusal(Refusal(code, message), of: letter),
                manner: .once,
                delay: delay
            )
        }
        return deliver(letter, provider, api, request, rule, exceeded)
    }

    /// Nothing speaks against it.
    private func deliver(
        _ letter: Letter,
        _ provider: Provider,
        _ api: any ProviderAPI,
        _ request: DoubleRequest,
        _ rule: DoubleRule?,
        _ exceeded: [Limit]
    ) -> Reaction {
        var letter = letter
        if case .partial(let people) = rule?.behaviour {
            letter.unreachable = letter.recipients.filter(people.contains)
        }
        var verdict = verdict(letter, rule)
        let dropped = Set(exceeded.compactMap(\.dropped)).sorted()
        if !dropped.isEmpty, dropped.count == letter.recipients.count { verdict = .dropped }
        let manner: Manner =
            switch rule?.behaviour {
            case .die: .never
            case .twice: .twice
            default: .once
            }
        let answer = api.acceptance(letter, number: journal.nextNumber)
        note(request, provider, letter, verdict, dropped: dropped, isScripted: rule != nil)
        return Reaction(answer: answer, manner: manner, delay: rule?.delay ?? .zero)
    }

    private func verdict(_ letter: Letter, _ rule: DoubleRule?) -> Verdict {
        guard letter.isMessage else { return .token }
        if rule?.behaviour == .drop { return .dropped }
        if let print = letter.fingerprint {
            if let until = fingerprints[print], memory.limitNow < until { return .suppressed }
            fingerprints[print] = memory.limitNow + .seconds(1_800)
        }
        if !letter.unreachable.isEmpty, letter.unreachable.count == letter.recipients.count {
            return .refused
        }
        return rule?.behaviour == .die ? .died : .accepted
    }

    private func takeRule(_ provider: Provider, _ request: DoubleRequest, _ letter: Letter) -> DoubleRule? {
        guard let index = rules.firstIndex(where: { $0.matches(provider, request, letter) }) else {
            return nil
        }
        rules[index].times? -= 1
        return rules[index]
    }

    private func note(
        _ request: DoubleRequest,
        _ provider: Provider,
        _ letter: Letter?,
        _ verdict: Verdict,
        code: String? = nil,
        dropped: [String] = [],
        isScripted: Bool
    ) {
        let entry = Received(
            at: memory.now,
            provider: provider,
            request: request,
            letter: letter,
            verdict: verdict,
            code: code,
            dropped: dropped
        )
        journal.add(entry, isScripted: isScripted)
    }
}

/// What the control paths and the command call.
extension ProviderDouble {
    /// Adds what a script says: `credentials`, `rules` (before the earlier ones; `replace` forgets those),
    /// `scale` and `advanceSeconds`.
    package func script(_ value: Value) throws(DoubleProblem) {
        guard let members = value.members else { throw DoubleProblem("a script must be an object") }
        let known: Set<String> = ["credentials", "rules", "replace", "scale", "advanceSeconds"]
        for member in members where !known.contains(member.name) {
            throw DoubleProblem("\(member.name) is no part of a script")
        }
        var added: [DoubleRule] = []
        for rule in value["rules"]?.array ?? [] { added.append(try DoubleRule(rule)) }
        var credentials = memory.credentials
        if let given = value["credentials"] { try credentials.merge(given) }
        memory.credentials = credentials
        rules = value["replace"]?.bool == true ? added : added + rules
        let now = wall()
        if let scale = value["scale"]?.double { clock.run(at: scale, from: now) }
        if let seconds = value["advanceSeconds"]?.integer { clock.advance(.seconds(seconds), at: now) }
    }

    /// Forgets all but the credentials and the clock.
    func reset() {
        rules = []
        limits = LimitBook()
        journal = DoubleJournal()
        fingerprints = [:]
        memory.tokens = [:]
        memory.nonces = []
    }

    func received(after number: Int, provider: Provider?) -> Value {
        journal.received(after: number, provider: provider)
    }

    var counters: Value { journal.value }
    var credentials: Value { memory.credentials.value }
}

extension DoubleRule {
    var isThrottle: Bool {
        if case .throttle = behaviour { true } else { false }
    }

    /// The no that the script asks for.
    fileprivate func refusal(of provider: Provider) -> Refusal? {
        switch behaviour {
        case .refuse(let code, let status, let retryAfter):
            Refusal(code, "scripted", status: status, retryAfter: retryAfter)
        case .throttle(let retryAfter):
            Refusal(provider.throttleCode, "scripted: too fast", retryAfter: retryAfter)
        default: nil
        }
    }
}

extension Limit {
    fileprivate var dropped: String? {
        if case .drop(let recipient) = excess { recipient } else { nil }
    }
}

extension WecomAppAPI {
    /// After these codes the tokens that are out are worth nothing.
    fileprivate static func voidsToken(_ code: String) -> Bool { ["42001", "40014"].contains(code) }
}

extension Value {
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
