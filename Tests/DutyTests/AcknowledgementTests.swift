import Duty
import Testing

/// Stages that are said again until they are acknowledged.
@Suite struct AcknowledgementTests {
    private let filedAt = Town.monday
    private var breach: Instant { filedAt + .minutes(30) }

    /// A complaint whose breach of the response is said again every ten minutes, twice at most.
    private func desk(times: Int = 2, holds: Span? = nil) -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        desk.policy = Fixtures.asking("response", "breach", every: .minutes(10), times: times, holds: holds)
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        return desk
    }

    private func acknowledged(
        _ id: String,
        by person: String,
        of stage: String = "breach",
        at minute: Int64,
        received: Int64? = nil,
        address: String? = nil
    ) -> Fact {
        Town.acknowledgement(
            id,
            of: "A22.response|complaint/1|1|\(stage)|\(address ?? person)",
            by: person,
            at: filedAt + .minutes(minute),
            received: filedAt + .minutes(received ?? minute)
        )
    }

    /// When each saying of the breach came to a person, in minutes after the filing.
    private func minutes(_ desk: Desk, _ person: String) -> [Int64] {
        desk.notifications.filter { $0.code == "N13" && $0.recipient.person.text == person }
            .map { ($0.requestedAt - filedAt).seconds / 60 }
    }

    @Test func `A breach is said again to each person who keeps silent, so often and no more`() {
        var desk = desk()
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 40, 50])
        #expect(minutes(desk, "P-2001") == [30, 40, 50])
        #expect(minutes(desk, "@group") == [30])
        let keys = desk.notifications.map(\.key)
        #expect(Set(keys).count == keys.count)
        #expect(keys.contains("A22.response|complaint/1|1|breach.r2|P-1032"))
    }

    @Test func `Who acknowledges hears no more of that stage, and nobody else is silenced`() {
        var desk = desk()
        desk.receive(acknowledged("ack", by: "P-1032", at: 33))
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30])
        #expect(minutes(desk, "P-2001") == [30, 40, 50])
        #expect(desk.record("A22.response")?.phase == .breached && desk.record("A22.response")?.metAt == nil)
    }

    @Test func `An acknowledgement of a repetition counts for the stage`() {
        var desk = desk()
        desk.receive(acknowledged("ack", by: "P-1032", of: "breach.r1", at: 41))
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 40])
    }

    @Test(arguments: [("warn15", nil), ("open", nil), ("breachOfAll", nil), ("breach", "P-2001")])
    func `What is not one's own acknowledgement of this stage silences nothing`(
        _ stage: String,
        _ address: String?
    ) {
        var desk = desk()
        desk.receive(acknowledged("ack", by: "P-1032", of: stage, at: 31, address: address))
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 40, 50])
        #expect(minutes(desk, "P-2001") == [30, 40, 50])
    }

    @Test
    func `The same acknowledgement under another class of message counts, one that was voided does not`() {
        var byMail = desk()
        byMail.receive(acknowledged("ack", by: "P-1032", at: 31, address: "P-1032@mail"))
        byMail.advance(by: .hours(5))
        #expect(minutes(byMail, "P-1032") == [30])
        var voided = desk()
        voided.receive(acknowledged("ack", by: "P-1032", at: 31))
        voided.receive(Town.void("void", of: "ack", .notificationAcknowledged, at: filedAt + .minutes(45)))
        voided.advance(by: .hours(5))
        #expect(minutes(voided, "P-1032") == [30, 45, 55])
    }

    @Test func `An acknowledgement that nothing follows runs out, and the stage alarms again`() throws {
        var desk = desk(holds: .minutes(60))
        desk.receive(acknowledged("ack", by: "P-1032", at: 35))
        desk.advance(to: filedAt + .minutes(94))
        #expect(minutes(desk, "P-1032") == [30])
        desk.advance(to: filedAt + .minutes(118))
        #expect(minutes(desk, "P-1032") == [30, 95, 105, 115])
        let again = try #require(desk.notifications.first { $0.key.contains("breach.r1|P-1032") })
        #expect(again.values["againBecause"] == "acknowledgementTimeout")
        desk.receive(acknowledged("ack2", by: "P-1032", of: "breach.r3", at: 119))
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(150)))
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 95, 105, 115])
    }

    @Test func `Once it is done nothing is said again, and each hears once that it is`() {
        var desk = desk(times: 100)
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(45)))
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 40])
        #expect(desk.heard("N15") == ["@group", "P-1032", "P-2001"])
    }

    @Test func `An alarm that was taken back and comes again has to be acknowledged again`() {
        var desk = Desk("complaint/1", at: filedAt)
        desk.policy = Fixtures.asking("response", "breach", every: .minutes(10), times: 2)
        let later = filedAt + .minutes(20)
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt, received: later))
        desk.receive(acknowledged("ack", by: "P-1032", at: 31))
        let patch = Value.object([Value.Member("filedAt", .string(later.rfc3339))])
        desk.receive(Town.correction("later", of: "filed", at: filedAt + .minutes(35), patch))
        #expect(desk.heard("N25").contains("P-1032"))
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 50, 60, 70])
        #expect(Set(desk.notifications.map(\.key)).count == desk.notifications.count)
    }

    @Test func `A new owner is asked from their own first hearing, the old one no more`() {
        var desk = desk()
        desk.advance(to: filedAt + .minutes(44))
        desk.take([
            Town.ended("RA-1", at: filedAt + .minutes(44)),
            Town.assigned("RA-10", "P-1077", "park.staff", from: "2026-11-23", at: filedAt + .minutes(44)),
        ])
        desk.advance(by: .hours(5))
        #expect(minutes(desk, "P-1032") == [30, 40])
        #expect(minutes(desk, "P-1077") == [44, 54, 64])
    }

    @Test func `After an outage what was missed is said once`() {
        var desk = desk(times: 5)
        desk.advance(to: breach)
        desk.step(at: filedAt + .minutes(90))
        #expect(minutes(desk, "P-1032") == [30, 90])
        #expect(desk.wakeAt == filedAt + .minutes(100))
    }

    @Test(arguments: 0..<200)
    func `In whatever order acknowledgements arrive, it is quiet afterwards, and only where it should be`(
        _ seed: Int
    ) {
        var random = SeededGenerator(seed: UInt64(seed))
        let facts = [
            acknowledged("a", by: "P-1032", at: 32), acknowledged("b", by: "P-1032", of: "warn25", at: 26),
            acknowledged("c", by: "P-2001", of: "warn25", at: 27),
            acknowledged("d", by: "P-2001", at: 34, address: "P-1032"),
        ].map { ($0.receivedAt + .minutes(Int64.random(in: 0..<60, using: &random)), $0) }
            .shuffled(using: &random).sorted { $0.0 < $1.0 }
        var desk = desk(times: 100)
        for (moment, fact) in facts {
            desk.advance(to: max(moment, desk.now))
            desk.take([fact])
        }
        desk.advance(to: filedAt + .minutes(130))
        let before = (minutes(desk, "P-1032").count, minutes(desk, "P-2001").count)
        desk.advance(by: .minutes(60))
        #expect(minutes(desk, "P-1032").count == before.0, "seed \(seed)")
        #expect(minutes(desk, "P-2001").count == before.1 + 6, "seed \(seed)")
        #expect(desk.heard("N14") == ["P-3001"])
    }
}
