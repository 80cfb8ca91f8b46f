import Duty
import Engine
import Foundation
import Storage
import Testing

/// Open matters that are moved to another policy version.
@Suite struct RepolicyTests {
    private static let minute = World.monday + .minutes(1)
    private static let reason = "县里已改文件"

    /// The shipped policy with a few things otherwise.
    private static func policy(
        _ old: Policy,
        version: String = "2027-1+test",
        rules: [Rule]? = nil,
        escalations: [String: EscalationPolicy]? = nil
    ) -> Policy {
        Policy(
            name: old.name,
            version: version,
            document: old.document,
            effectiveFrom: old.effectiveFrom,
            roles: old.roles,
            escalations: escalations ?? old.escalations,
            rules: rules ?? old.rules,
            settings: old.settings,
            keyRoles: old.keyRoles
        )
    }

    /// The answer is due after so many minutes.
    private static func answering(in minutes: Int64, _ old: Policy) -> Policy {
        policy(
            old,
            rules: old.rules.map { rule in
                guard rule.id == "A22.response", case .deadline(var deadline) = rule.body else { return rule }
                deadline.within = .continuous(.minutes(minutes))
                return Rule(
                    id: rule.id,
                    article: rule.article,
                    basis: rule.basis,
                    title: rule.title,
                    body: .deadline(deadline),
                    isRestricted: rule.isRestricted
                )
            }
        )
    }

    private static func book(_ world: World, _ policy: Policy) -> RuleBook {
        RuleBook(
            current: policy,
            older: [world.book.current],
            calendar: world.book.calendar,
            directory: world.book.directory
        )
    }

    /// A world with complaints that were filed a minute ago, in which another policy has come into force.
    private static func with(
        filed numbers: [String] = ["1"],
        _ change: (Policy) -> Policy,
        _ body: (World, RuleBook) async throws -> Void
    ) async throws {
        try await World.with { world in
            try await world.feed(try Event.roster())
            for number in numbers { try await world.feed(try Event.filed(number)) }
            try await world.advance(to: minute)
            let book = book(world, change(world.book.current))
            await world.engine.replace(book: book)
            try await world.engine.wake()
            try await body(world, book)
        }
    }

    private static func order(type: MatterType? = nil, rule: RuleID? = nil) -> RepolicyOrder {
        RepolicyOrder(reason: reason, by: "P-9001", type: type, rule: rule)
    }

    private static func follow(_ engine: Engine, limit: Int = 500) async throws {
        while try await engine.followRepolicy(limit: limit) != nil {}
    }

    private static func due(_ world: World, _ number: String = "1") async throws -> Instant? {
        try await world.matter(MatterID("complaint/" + number)).state.records
            .first { $0.key.rule == "A22.response" }?.dueAt
    }

    private static func moves(_ world: World) async throws -> [(matter: MatterID?, entry: Transition)] {
        try await world.store.journal(after: 0, limit: 100_000).flatMap { record in
            record.entries.filter { $0.action == "matter.repolicied" }.map { (record.matter, $0) }
        }
    }

    // MARK: Dry run

    @Test func `a dry run says what the real run does, and changes nothing`() async throws {
        try await Self.with({ Self.answering(in: 20, $0) }) { world, book in
            let before = try await world.story()
            let preview = try await world.engine.preview(Self.order(), listing: 10)
            #expect(try await world.story() == before)
            #expect(try await world.engine.lastRepolicy() == nil)
            #expect(try await world.matter("complaint/1").policyVersion == world.book.current.version)
            let item = try #require(preview.items.first)
            #expect(preview.version == book.current.version)
            #expect(preview.changed == 1)
            #expect(item.matter == "complaint/1")
            #expect(item.changes.map(\.kind) == [.dueMoved])
            #expect(item.changes.first?.before?.dueAt == World.monday + .minutes(30))
            #expect(item.changes.first?.after?.dueAt == World.monday + .minutes(20))
            let said = item.tells.map { $0.code + " " + $0.recipient.person.text }.sorted()
            #expect(said.contains("N27 P-1032"))

            let heard = try await world.heard("complaint/1")
            _ = try await world.engine.begin(Self.order())
            try await Self.follow(world.engine)
            #expect(try await world.heard("complaint/1") == (heard + said).sorted())
            #expect(try await world.engine.lastRepolicy()?.moved == Int64(preview.matters))
        }
    }

    @Test func `a dry run names so many matters and counts all`() async throws {
        try await Self.with(filed: ["1", "2", "3"], { Self.answering(in: 20, $0) }) { world, _ in
            let preview = try await world.engine.preview(Self.order(type: .complaint), listing: 2)
            #expect(preview.matters == 3)
            #expect(preview.changed == 3)
            #expect(preview.items.count == 2)
            #expect(preview.isTruncated)
            #expect(preview.rules["A22.response"]?.counts == [.dueMoved: 3])
        }
    }

    // MARK: The real run

    @Test func `a matter moves with its due time, and the journal says why and by whom`() async throws {
        try await Self.with({ Self.answering(in: 45, $0) }) { world, book in
            _ = try await world.engine.begin(Self.order())
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == World.monday + .minutes(45))
            #expect(try await world.matter("complaint/1").policyVersion == book.current.version)
            let (_, entry) = try #require(try await Self.moves(world).first { $0.matter == "complaint/1" })
            #expect(entry.fields["from"]?.string == world.book.current.version)
            #expect(entry.fields["to"]?.string == book.current.version)
            #expect(entry.fields["reason"]?.string == Self.reason)
            #expect(entry.fields["by"]?.string == "P-9001")
            // Later dates are told as well: whoever heard the old one would otherwise go by it.
            let told = try await world.store.notifications(of: "complaint/1").map(\.notification)
            let moved = told.filter { $0.code == "N27" }
            #expect(!moved.isEmpty)
            #expect(moved.allSatisfy { $0.values["reason"] == "policy" })
            try await world.advance(to: World.monday + .minutes(44))
            #expect(try await world.heard("complaint/1", "N13").isEmpty)
            try await world.advance(to: World.monday + .minutes(45))
            #expect(try await !world.heard("complaint/1", "N13").isEmpty)
        }
    }

    @Test func `a restart goes on where it was, and no matter moves twice`() async throws {
        try await Self.with(filed: ["1", "2", "3"], { Self.answering(in: 45, $0) }) { world, book in
            _ = try await world.engine.begin(Self.order(type: .complaint))
            let first = try #require(try await world.engine.followRepolicy(limit: 1))
            #expect(first.moved == 1)
            #expect(!first.isDone)
            let other = Engine(
                store: world.store,
                book: book,
                clock: world.clock,
                metrics: world.metrics,
                observer: world.watcher
            )
            #expect(try await other.lastRepolicy()?.after == "complaint/1")
            try await Self.follow(other, limit: 1)
            let moves = try await Self.moves(world).compactMap(\.matter)
            #expect(moves == ["complaint/1", "complaint/2", "complaint/3"])
            #expect(try await other.lastRepolicy()?.moved == 3)
        }
    }

    @Test func `a commit that fails is taken again`() async throws {
        let flaky = Flaky()
        try await World.with(wrap: { flaky.wrap($0) }) { world in
            try await world.feed(try Event.roster())
            try await world.feed(try Event.filed())
            await world.engine.replace(book: Self.book(world, Self.answering(in: 45, world.book.current)))
            _ = try await world.engine.begin(Self.order(type: .complaint))
            flaky.store?.fail(.beforeWriting)
            await #expect(throws: BatchSuperseded.self) { _ = try await world.engine.followRepolicy() }
            #expect(try await Self.due(world) == World.monday + .minutes(30))
            try await world.engine.recovered()
            try await Self.follow(world.engine)
            #expect(try await Self.due(world) == World.monday + .minutes(45))
            #expect(try await Self.moves(world).count == 1)
        }
    }

    /// Holds on to the store that fails on demand.
    private final class Flaky {
        var store: FlakyStore?
        func wrap(_ inner: any Store) -> any Store {
            let flaky = FlakyStore(inner)
            store = flaky
            return flaky
        }
    }

    @Test func `the same again moves nothing, and another order waits`() async throws {
        try await Self.with(filed: ["1", "2"], { Self.answering(in: 45, $0) }) { world, _ in
            let first = try await world.engine.begin(Self.order(type: .complaint))
            #expect(try await world.engine.begin(Self.order(type: .complaint)) == first)
            await #expect(throws: RepolicyRefusal.busy(first)) {
                _ = try await world.engine.begin(Self.order(type: .fine))
            }
            try await Self.follow(world.engine)
            let story = try await world.story()
            _ = try await world.engine.begin(Self.order(type: .complaint))
            try await Self.follow(world.engine)
            #expect(try await world.story() == story)
            #expect(try await world.engine.lastRepolicy()?.moved == 0)
        }
    }

    @Test func `a version or a rule that nobody knows is refused`() async throws {
        try await Self.with({ Self.answering(in: 45, $0) }) { world, book in
            var order = Self.order()
            order.version = "1999-1"
            await #expect(
                throws: RepolicyRefusal.unknownVersion("1999-1", known: book.policies.keys.sorted())
            ) { _ = try await world.engine.begin(order) }
            await #expect(throws: RepolicyRefusal.unknownRule("A99.nothing")) {
                _ = try await world.engine.begin(Self.order(rule: "A99.nothing"))
            }
            // The beginning of a version is enough, if there is one alone.
            order.version = "2027-1"
            let begun = try await world.engine.begin(order)
            #expect(begun.version == book.current.version)
        }
    }

    // MARK: What moves

    @Test func `a rule that is gone takes back what was told by it`() async throws {
        let rest: (Policy) -> Policy = { old in
            Self.policy(old, rules: old.rules.filter { $0.id != "A22.response" })
        }
        try await Self.with(rest) { world, _ in
            let heard = try await world.heard("complaint/1", "N10").map { $0.dropFirst(4) }
            #expect(!heard.isEmpty)
            _ = try await world.engine.begin(Self.order())
            try await Self.follow(world.engine)
            let told = try await world.store.notifications(of: "complaint/1").map(\.notification)
            let taken = told.filter { $0.stage.hasPrefix("withdrawn") }
            #expect(taken.map(\.recipient.person.text).sorted() == heard.map(String.init).sorted())
            #expect(taken.allSatisfy { $0.code == "N25" && $0.values["reason"] == "policy" })
            #expect(taken.allSatisfy { $0.values["ruleTitle"] != nil })
            let gone = try await world.store.journal(after: 0, limit: 100_000).flatMap(\.entries)
                .filter { $0.action == "deadline.withdrawn" }
            #expect(gone.map { $0.fields["reason"] } == ["policy"])
            #expect(try await !world.actions("complaint/1").contains("deadline.breached"))
        }
    }

    @Test func `a step put into a ladder does not tell again what was told`() async throws {
        let longer: (Policy) -> Policy = { old in
            var ladders = old.escalations
            let call = EscalationStep(
                stage: "call",
                moment: .afterOpening(.seconds(10)),
                code: "N11",
                tells: [EscalationStep.Tell(roles: ["park.leader"], messageClass: .personal)]
            )
            ladders["a22-response"]?.steps.insert(call, at: 0)
            return Self.policy(old, escalations: ladders)
        }
        try await Self.with(longer) { world, _ in
            let staff = try await world.heard("complaint/1").filter { $0.hasSuffix("P-1032") }
            _ = try await world.engine.begin(Self.order())
            try await Self.follow(world.engine)
            #expect(try await world.heard("complaint/1").filter { $0.hasSuffix("P-1032") } == staff)
            // The leader has not heard anything yet, so that the new step is news.
            #expect(try await world.heard("complaint/1", "N11").contains("N11 P-2001"))
            try await world.advance(to: World.monday + .minutes(30))
            let alarms = try await world.heard("complaint/1", "N13")
            #expect(Set(alarms).count == alarms.count)
            #expect(alarms.contains("N13 P-1032"))
        }
    }

    @Test func `closed matters stay, standing duties move, and filters hold`() async throws {
        try await Self.with(filed: ["1", "2"], { Self.answering(in: 45, $0) }) { world, book in
            let old = world.book.current.version
            try await world.feed(
                try Event.fact(.complaintWithdrawn, "gone", of: "2", at: Self.minute, ["by": "enterprise"])
            )
            // The duty of a leader as to an enterprise is a matter that goes on for ever.
            try await world.feed(try Event.assigned("RA-9", "P-3001", "county.linked", at: World.monday))
            let duties = try await world.store.matterIDs(of: .duty)
            #expect(!duties.isEmpty)
            let under = try await world.store.matters(duties).filter { $0.policyVersion == old }.map(\.id)

            _ = try await world.engine.begin(Self.order(rule: "A22.response"))
            try await Self.follow(world.engine)
            #expect(try await Self.moves(world).compactMap(\.matter) == ["complaint/1"])

            _ = try await world.engine.begin(Self.order())
            try await Self.follow(world.engine)
            #expect(try await world.matter("complaint/2").policyVersion == old)
            for duty in under {
                #expect(try await world.matter(duty).policyVersion == book.current.version)
            }
            #expect(try await world.matter("enterprise/E-000451").policyVersion == book.current.version)
        }
    }
}
