import Duty
import Engine
import Storage
import Telemetry

/// What answering needs of the daemon: reads the store, and puts answers where all events come in.
package struct AnswerDesk: Sendable {
    package typealias Publish = @Sendable ([CloudEvent]) async throws(EventGateway.Refusal) -> Void

    let store: any Store
    let publish: Publish
    let clock: any WallClock
    let rules: RulesInForce
    let metrics: DutyclockMetrics
    let log: LogWriter
    /// How somebody is called; nil for those who are not in the directory.
    let name: @Sendable (PersonRef) -> String?
    /// Who is reached at a mobile number, given as its eleven digits; nil for nobody, and for more than one.
    let owner: @Sendable (_ mobile: String) -> PersonRef?
    /// Nil without `http.publicURL`: then there are no links, and none opens.
    let links: AnswerLinks?
    let language: AnswerWords.Language

    /// `isEnglish` is the language of the installation.
    package init(
        store: any Store,
        publish: @escaping Publish,
        clock: any WallClock,
        rules: RulesInForce,
        metrics: DutyclockMetrics,
        log: LogWriter,
        name: @escaping @Sendable (PersonRef) -> String?,
        owner: @escaping @Sendable (String) -> PersonRef?,
        links: AnswerLinks?,
        isEnglish: Bool
    ) {
        self.store = store
        self.publish = publish
        self.clock = clock
        self.rules = rules
        self.metrics = metrics
        self.log = log
        self.name = name
        self.owner = owner
        self.links = links
        language = isEnglish ? .english : .chinese
    }

    /// The case that a token is about; whoever it names must still be there, and be the one who was told.
    func find(_ token: AnswerToken) async throws -> Result<AnswerCase, LinkRejection> {
        guard name(token.person) != nil else { return .failure(.personGone) }
        guard let id = token.matter, let matter = try await store.matters([id]).first,
            let told = try await store.notifications(of: id).first(where: {
                $0.notification.key == token.notification
                    && $0.notification.recipient.person == token.person
            })
        else { return .failure(.unknownNotification) }
        var found = found(told, matter)
        found.expires = token.expires
        return .success(found)
    }

    func found(_ told: StoredNotification, _ matter: StoredMatter) -> AnswerCase {
        AnswerCase(
            notification: told,
            matter: matter,
            policy: rules.book.policy(matter.policyVersion)
        )
    }

    /// Puts the answer onto the intake topic; returns once it is safe there.
    func take(_ answer: Answer) async throws(EventGateway.Refusal) {
        try await publish([answer.event])
        log.write(
            level: .info,
            message: "answer taken",
            fields: [
                ("event.id", .string(answer.action.key(answer.notification.key).id)),
                ("duty.event_type", .string(answer.action.kind.typeName)),
                ("duty.notification_id", .string(answer.notification.key)),
                ("duty.person_ref", .string(answer.notification.recipient.person.text)),
                ("duty.via", .string(answer.via)),
            ]
        )
    }

    /// Counts and logs a refusal; the token itself is in neither.
    func note(_ rejection: LinkRejection, _ token: AnswerToken?) {
        metrics.linkRejected(rejection.rawValue).add()
        var fields: [LogField] = [("duty.reason", .string(rejection.rawValue))]
        if let token {
            fields.append(("duty.notification_id", .string(token.notification)))
            fields.append(("duty.person_ref", .string(token.person.text)))
        }
        log.write(level: .warn, message: "link rejected", fields: fields)
    }
}
