import Duty
import Testing

/// Silences stop telling and never recording, and leave nobody with a wrong belief.
@Suite struct SilenceTests {
    private let filedAt = Town.monday

    private func minute(_ minutes: Int64) -> Instant { filedAt + .minutes(minutes) }

    private func silence(
        _ from: Int64,
        _ until: Int64,
        id: String = "S-1",
        _ narrow: (inout Silence.Scope) -> Void = { _ in }
    ) -> Silence {
        var scope = Silence.Scope()
        narrow(&scope)
        return Silence(
            id: id,
            from: minute(from),
            until: minute(until),
            reason: "演练",
            by: "P-3001",
            scope: scope
        )
    }

    private func desk(_ silences: Silence...) -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.silences = silences
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        return desk
    }

    private func answer(_ minutes: Int64) -> Fact {
        Town.fact(.complaintResponded, "answer", at: minute(minutes))
    }

    @Test
    func `In silence everything is recorded and nobody is told, and afterwards each hears the latest once`() {
        var desk = desk(silence(10, 70))
        desk.advance(to: minute(69))
        #expect(desk.heard() == ["N10 @group", "N10 P-1032"])
        #expect(desk.record("A22.response")?.phase == .breached)
        #expect(desk.actions("deadline.breached").count == 1)
        let kept = desk.silenced.map { $0.notification.code + " " + $0.notification.recipient.person.text }
        #expect(kept.filter { $0.hasPrefix("N13") } == ["N13 @group", "N13 P-1032", "N13 P-2001"])
        #expect(Set(kept).count == kept.count)
        #expect(desk.silenced.allSatisfy { $0.silence == "S-1" && $0.reason == "演练" })
        #expect(desk.wakeAt == minute(70))
        desk.advance(to: minute(71))
        #expect(desk.heard(since: 2) == ["N13 @group", "N13 P-1032", "N13 P-2001", "N14 P-3001"])
        desk.advance(to: minute(100))
        #expect(desk.notifications.count == 6)
        desk.receive(answer(101))
        #expect(desk.heard("N15") == ["@group", "P-1032", "P-2001", "P-3001"])
    }

    @Test func `What came and went in silence is not spoken of`() {
        var desk = desk(silence(10, 70))
        desk.receive(answer(50))
        desk.advance(to: minute(200))
        #expect(desk.heard() == ["N10 @group", "N10 P-1032"])
        #expect(desk.record("A22.response")?.phase == .metLate)
    }

    @Test func `An alarm from before the silence is closed after it, for exactly those who had heard it`() {
        var desk = desk(silence(40, 90))
        desk.receive(answer(50))
        desk.advance(to: minute(89))
        #expect(desk.heard("N13").count == 3 && desk.heard("N15") == [])
        desk.advance(to: minute(91))
        #expect(desk.heard("N15") == ["@group", "P-1032", "P-2001"])
        desk.advance(to: minute(300))
        #expect(desk.heard("N15").count == 3)
    }

    @Test func `A breach that was taken back in silence is taken back for its hearers afterwards`() {
        var desk = desk(silence(40, 90))
        desk.receive(
            Town.fact(.complaintResponded, "answer", at: minute(20), received: minute(50))
        )
        desk.advance(to: minute(91))
        #expect(desk.heard("N25") == ["@group", "P-1032", "P-2001"])
        var voided = self.desk(silence(40, 90))
        voided.receive(Town.void("void", of: "filed", at: minute(50)))
        #expect(voided.heard("N25") == [])
        voided.advance(to: minute(91))
        #expect(voided.heard("N25") == ["@group", "P-1032", "P-1040", "P-2001"])
    }

    private static let scopes: [(@Sendable (inout Silence.Scope) -> Void, [String])] = [
        ({ $0.person = "P-2001" }, ["@group", "P-1032"]), ({ $0.role = "park.staff" }, ["@group", "P-2001"]),
        ({ $0.rule = "A22.response" }, []), ({ $0.rule = "A22.solution" }, ["@group", "P-1032", "P-2001"]),
        ({ $0.matter = "complaint/1" }, []), ({ $0.matter = "complaint/2" }, ["@group", "P-1032", "P-2001"]),
        ({ $0.enterprise = "E-000451" }, []), ({ $0.enterprise = "E-9" }, ["@group", "P-1032", "P-2001"]),
        (
            {
                $0.enterprise = "E-000451"; $0.person = "P-1032"
            }, ["@group", "P-2001"]
        ),
    ]

    @Test(arguments: 0..<scopes.count)
    func `A silence covers what every field of its scope fits`(_ index: Int) {
        var desk = desk(silence(10, 70, Self.scopes[index].0))
        desk.advance(to: minute(31))
        #expect(desk.heard("N13") == Self.scopes[index].1)
    }

    @Test func `Of silences that follow each other each is on record, and only the last one's end is heard`()
    {
        var desk = desk(silence(25, 40), silence(35, 60, id: "S-2"))
        desk.advance(to: minute(59))
        #expect(desk.heard("N13") == [])
        let kept = desk.silenced.filter { $0.notification.key.hasSuffix("|breach|P-1032") }
        #expect(kept.map(\.silence) == ["S-1", "S-2"])
        desk.advance(to: minute(61))
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
    }

    @Test func `News of a silent day is not told later`() {
        var desk = Desk("case/1", at: filedAt)
        desk.silences = [silence(0, 60)]
        desk.receive(Town.fact(.reportMade, "report", at: minute(1)))
        desk.advance(to: minute(300))
        #expect(desk.heard("N62") == [])
        #expect(desk.silenced.map(\.notification.code) == ["N62"])
    }

    // MARK: What the facts say

    private func set(_ id: String, at: Int64, until: Int64, _ scope: Value = ["all": true]) -> Fact {
        Town.fact(
            .silenceSet,
            id,
            at: minute(at),
            of: "S-1",
            [
                "from": .string(minute(at).rfc3339), "until": .string(minute(until).rfc3339), "scope": scope,
                "reason": "演练", "by": "P-3001",
            ]
        )
    }

    private func ended(_ id: String, at: Int64) -> Fact {
        Town.fact(.silenceEnded, id, at: minute(at), of: "S-1", ["reason": "完成", "by": "P-3001"])
    }

    @Test(arguments: 0..<24) func `A silence is what its facts say, in whatever order they come`(
        _ seed: Int
    ) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let facts = [
            set("a", at: 0, until: 60), ended("x", at: 5),
            set("b", at: 10, until: 90, ["role": "park.head"]), ended("y", at: 30),
        ].shuffled(using: &random)
        let silence = try #require(Silence(facts: facts))
        #expect(silence.from == minute(10) && silence.until == minute(30))
        #expect(silence.scope.role == "park.head" && silence.scope.person == nil)
        #expect(silence.reason == "演练" && silence.by == "P-3001")
        #expect(
            !silence.holds(at: minute(9)) && silence.holds(at: minute(10)) && !silence.holds(at: minute(30))
        )
        let open = try #require(
            Silence(facts: facts + [Town.void("v", of: "y", .silenceEnded, at: minute(31))])
        )
        #expect(open.until == minute(90))
        #expect(Silence(facts: [ended("y", at: 30)]) == nil)
    }
}
