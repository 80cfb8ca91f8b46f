import Duty
import Testing

/// A step that somebody asks for by hand is told at once, and never again at its own moment.
@Suite struct EscalationByHandTests {
    private let filedAt = Town.monday

    private func minute(_ minutes: Int64) -> Instant { filedAt + .minutes(minutes) }

    private func desk() -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        return desk
    }

    private func request(
        _ stage: String,
        at: Int64,
        _ id: String = "ask",
        rule: String = "A22.response",
        _ more: KeyValuePairs<String, Value> = [:]
    ) -> Fact {
        var fact = Town.fact(.escalationRequested, id, at: minute(at), of: "complaint/1", more)
        fact.data = fact.data.setting(path: "ruleId", to: .string(rule))
            .setting(path: "stage", to: .string(stage)).setting(path: "reason", to: "请过问")
            .setting(path: "by", to: ["personRef": "P-9001", "role": "supervisor"])
            .setting(path: "requestId", to: .string(id))
        fact.matter = "complaint/1"
        return fact
    }

    @Test
    func `A step beyond the breach is told at once by words that claim nothing, and not at its own moment`()
        throws
    {
        var desk = desk()
        desk.receive(request("escalate60", at: 10))
        #expect(desk.heard(since: 2) == ["N94 P-3001"])
        let told = try #require(desk.notifications.last)
        #expect(told.key == "A22.response|complaint/1|1|escalate60|P-3001" && told.urgency == 0)
        #expect(told.values["reason"] == "请过问" && told.values["escalatedByRef"] == "P-9001")
        #expect(told.values["remainingSeconds"] == 1_200)
        desk.advance(to: minute(200))
        #expect(desk.heard().filter { $0.hasSuffix("P-3001") } == ["N94 P-3001"])
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
        desk.receive(Town.fact(.complaintResponded, "answer", at: minute(201)))
        #expect(desk.heard("N15") == ["@group", "P-1032", "P-2001", "P-3001"])
    }

    @Test(arguments: [2, 3]) func `The same request twice tells once, also under another id`(_ copies: Int) {
        var desk = desk()
        for copy in 1...copies { desk.receive(request("escalate60", at: 40 + Int64(copy), "ask-\(copy)")) }
        desk.advance(to: minute(100))
        #expect(desk.heard().filter { $0.hasSuffix("P-3001") } == ["N94 P-3001"])
    }

    @Test func `Who was alarmed before the breach hears that it was done in time, and nobody else does`() {
        var desk = desk()
        desk.receive(request("escalate60", at: 10))
        desk.receive(Town.fact(.complaintResponded, "answer", at: minute(20)))
        desk.advance(to: minute(200))
        #expect(desk.heard("N46") == ["P-3001"])
        #expect(desk.heard("N25") == [] && desk.heard("N13") == [])
    }

    @Test func `What is withdrawn before the breach is taken back without a word of being late`() throws {
        var desk = desk()
        desk.receive(request("escalate60", at: 10))
        desk.receive(Town.fact(.complaintWithdrawn, "gone", at: minute(20)))
        let last = try #require(desk.notifications.last { $0.recipient.person == "P-3001" })
        #expect(last.code == "N75" && last.values["reason"] == "withdrawn")
        #expect(last.withdraws == "A22.response|complaint/1|1|escalate60|P-3001")
        var voided = self.desk()
        voided.receive(request("escalate60", at: 10))
        voided.receive(Town.void("void", of: "filed", at: minute(20)))
        #expect(voided.heard("N75") == ["P-3001"])
    }

    @Test func `After the step's own moment a request says nothing new`() {
        var desk = desk()
        desk.advance(to: minute(61))
        let before = desk.notifications.count
        desk.receive(request("escalate60", at: 62))
        desk.receive(request("breach", at: 62, "again"))
        desk.advance(to: minute(100))
        #expect(desk.notifications.count == before)
        #expect(desk.heard("N94") == [] && desk.heard("N14") == ["P-3001"])
    }

    @Test func `A request for another rule, stage, cycle or time before the opening tells nobody`() {
        var desk = desk()
        desk.receive(request("escalate60", at: 5, "a", rule: "A22.nothing"))
        desk.receive(request("nothing", at: 6, "b"))
        desk.receive(request("escalate60", at: 7, "c", ["cycle": 2]))
        desk.receive(request("escalate60", at: -10, "d"))
        #expect(desk.heard("N94") == [])
        desk.receive(request("escalate60", at: 8, "e", ["cycle": 1]))
        #expect(desk.heard("N94") == ["P-3001"])
    }

    @Test func `The reason stays out of the group`() throws {
        var desk = desk()
        desk.receive(request("breach", at: 10))
        let told = desk.notifications.filter { $0.code == "N94" }
        #expect(Set(told.map(\.recipient.person.text)) == ["@group", "P-1032", "P-2001"])
        for one in told { #expect((one.values["reason"] == nil) == one.recipient.isGroup) }
    }

    @Test func `A silence keeps it back, and it is told when that is over`() {
        var desk = desk()
        desk.silences = [
            Silence(
                id: "S-1",
                from: minute(5),
                until: minute(15),
                reason: "演练",
                by: "P-3001",
                scope: Silence.Scope()
            )
        ]
        desk.receive(request("escalate60", at: 10))
        #expect(desk.heard("N94") == [] && desk.silenced.map(\.notification.code) == ["N94"])
        desk.advance(to: minute(16))
        #expect(desk.heard("N94") == ["P-3001"])
    }

    @Test(arguments: 0..<24) func `What is told in the end does not depend on the order in which facts came`(
        _ seed: Int
    ) {
        var random = SeededGenerator(seed: UInt64(seed))
        let facts = [
            Town.fact(.complaintFiled, "filed", at: filedAt, received: minute(50)),
            request("escalate60", at: 40), request("escalate60", at: 41, "ask-2"),
        ].shuffled(using: &random)
        var desk = Desk("complaint/1", at: minute(50))
        desk.take(facts)
        desk.advance(to: minute(100))
        #expect(desk.heard().filter { $0.hasSuffix("P-3001") } == ["N94 P-3001"])
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
    }
}
