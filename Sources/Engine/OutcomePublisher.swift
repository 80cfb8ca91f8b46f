import Duty
import Kafka
import Storage
import Telemetry

/// Puts what the journal says onto the outcomes topic and dead letters onto theirs, at least once, with ids that
/// stay the same when something is put there again.
package struct OutcomePublisher: Sendable {
    let store: any Store
    let producer: KafkaProducer
    /// For dead letters: not idempotent, because a record that Kafka refuses for good would hold up an idempotent
    /// producer's sequence.
    let letterProducer: KafkaProducer
    let outcomesTopic: String
    let deadLetterTopic: String
    let source: String
    /// Where the document and the calendar stand that every outcome names.
    let rules: RulesInForce
    let log: LogWriter
    package let signal = Signal()

    package init(
        store: any Store,
        producer: KafkaProducer,
        letterProducer: KafkaProducer,
        outcomesTopic: String,
        deadLetterTopic: String,
        source: String,
        rules: RulesInForce,
        log: LogWriter
    ) {
        self.store = store
        self.producer = producer
        self.letterProducer = letterProducer
        self.outcomesTopic = outcomesTopic
        self.deadLetterTopic = deadLetterTopic
        self.source = source
        self.rules = rules
        self.log = log
    }

    private static let cursor = "outcomes"
    private static let letterCursor = "deadLetters"
    private static let batch = 1_000

    package func run() async {
        var wait = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                let more = try await publishSome()
                wait = .milliseconds(100)
                if !more { await signal.wait(until: SystemClock().now() + .seconds(5), clock: SystemClock()) }
            } catch {
                log.write(
                    level: .warn,
                    message: "outcomes wait, Kafka or the store does not take them",
                    fields: [("error.message", .outside("\(error)"))]
                )
                try? await Task.sleep(for: wait)
                wait = min(wait * 2, .seconds(10))
            }
        }
    }

    /// Publishes what is there; for the end of a run.
    package func drain() async throws { while try await publishSome() {} }

    private func publishSome() async throws -> Bool {
        let letters = try await publishDeadLetters()
        // The journal goes on whatever becomes of the letters.
        let from = try await store.cursor(Self.cursor)
        let records = try await store.journal(after: from, limit: Self.batch)
        guard let last = records.last else { return letters }
        try await deliver(records.flatMap(events))
        try await store.setCursor(Self.cursor, to: last.sequence)
        return true
    }

    private func deliver(_ records: [ProducerRecord]) async throws {
        guard !records.isEmpty else { return }
        for result in await producer.produce(records) { _ = try result.get() }
    }

    // MARK: Outcomes

    private func events(_ record: JournalRecord) -> [ProducerRecord] {
        record.entries.enumerated().compactMap { index, entry in
            guard let type = OutcomeCatalogue.typeName(action: entry.action) else { return nil }
            return event(entry, record, id: "\(record.sequence).\(index)", type: type)
        }
    }

    private func event(
        _ entry: Transition,
        _ record: JournalRecord,
        id: String,
        type: String
    ) -> ProducerRecord {
        let enterprise = record.enterprise?.text ?? "-"
        var data: [Value.Member] = [
            Value.Member("matter", .string(record.matter?.text ?? "")),
            Value.Member("enterpriseId", .string(enterprise)),
            Value.Member("cycle", .integer(Int64(entry.cycle))),
            Value.Member("at", .string(entry.at.rfc3339)),
        ]
        if let rule = entry.rule { data.append(Value.Member("ruleId", .string(rule.text))) }
        if let article = entry.article { data.append(Value.Member("article", .integer(Int64(article)))) }
        if let version = record.policyVersion { data.append(Value.Member("ruleVersion", .string(version))) }
        let book = rules.book
        let policy = record.policyVersion.map(book.policy) ?? book.current
        data.append(Value.Member("measureVersion", .string(policy.document)))
        if entry.fields["calendarRevision"] == nil {
            data.append(Value.Member("calendarRevision", .string(book.calendar.revision)))
        }
        var attributes = [
            "specversion": "1.0", "id": id, "source": source, "type": type,
            "subject": record.matter?.text ?? "", "time": record.at.rfc3339, "partitionkey": enterprise,
            "datacontenttype": "application/json",
        ]
        for member in entry.fields.members ?? [] {
            // An extension attribute of CloudEvents, so that whoever reads the topic goes on with the trace.
            if member.name == "traceparent" {
                attributes["traceparent"] = member.value.string
            } else {
                data.append(member)
            }
        }
        let event = CloudEvent(attributes: attributes, data: .object(data))
        return ProducerRecord(
            topic: outcomesTopic,
            key: Array(enterprise.utf8),
            value: JSONWriter.encode(event.structured),
            headers: [Self.structured]
        )
    }

    private static let structured = KafkaHeader(
        name: "content-type",
        value: Array("application/cloudevents+json; charset=UTF-8".utf8)
    )

    // MARK: Dead letters

    private func publishDeadLetters() async throws -> Bool {
        // By a cursor, not by their state: an operator may have settled one before it was published.
        let from = try await store.cursor(Self.letterCursor)
        let letters = try await store.deadLetters(in: nil, after: from, limit: Self.batch)
        guard let last = letters.last else { return false }
        let due = letters.filter { $0.state != .published && $0.state != .kept }
        var published: [Int64] = []
        var kept: [Int64] = []
        var failure: KafkaError?
        for (letter, result) in zip(due, await letterProducer.produce(due.map(record))) {
            switch result {
            case .success: published.append(letter.number)
            case .failure(let error) where Self.isTooLarge(error): kept.append(letter.number)
            case .failure(let error): failure = error
            }
        }
        try await store.setDeadLetters(published, to: .published)
        try await store.setDeadLetters(kept, to: .kept)
        if !kept.isEmpty {
            log.write(
                level: .error,
                message: "dead letters are too large for Kafka and stay in the store",
                fields: [("duty.dead_letters", .list(kept.map(String.init)))]
            )
        }
        if let failure { throw failure }
        try await store.setCursor(Self.letterCursor, to: last.number)
        return true
    }

    private static func isTooLarge(_ error: KafkaError) -> Bool {
        error.name == "MSG_SIZE_TOO_LARGE" || error.name == "INVALID_MSG_SIZE" || error.code == 10
            || error.code == -186
    }

    private func record(_ letter: DeadLetter) -> ProducerRecord {
        let reasons = [
            ("dlq-reason", letter.reason + ": " + letter.detail), ("dlq-topic", letter.topic),
            ("dlq-partition", String(letter.partition)), ("dlq-offset", String(letter.offset)),
            ("dlq-time", letter.at.rfc3339),
        ]
        return ProducerRecord(
            topic: deadLetterTopic,
            key: letter.key,
            value: letter.value,
            headers: letter.headers.map { KafkaHeader(name: $0.name, value: $0.value) }
                + reasons.map { KafkaHeader(name: $0.0, value: Array($0.1.utf8)) }
        )
    }

    /// Puts a dead letter back where it came from, as it came; that it was is for the caller to record.
    package func putBack(_ letter: DeadLetter, intake: String) async throws {
        let results = await letterProducer.produce([
            ProducerRecord(
                topic: letter.topic.isEmpty ? intake : letter.topic,
                key: letter.key,
                value: letter.value,
                headers: letter.headers.map { KafkaHeader(name: $0.name, value: $0.value) }
            )
        ])
        for result in results { _ = try result.get() }
    }
}
