import Duty
import Testing

/// Open alerts follow those who serve, by events and by the directory, also when nothing is reported.
@Suite struct StandInTests {
    private let filedAt = Town.monday

    private func desk(_ change: (inout Desk) -> Void = { _ in }) -> Desk {
        var desk = Desk("complaint/1", at: filedAt)
        change(&desk)
        desk.receive(Town.fact(.complaintFiled, "filed", at: filedAt))
        return desk
    }

    @Test func `A backup serves while the owner is away without a substitute`() {
        let today = CivilDate(filedAt)
        func away(_ substitute: PersonRef?) -> Directory {
            Directory(
                standing: Town.directory.standing,
                absences: ["P-1032": [.init(from: today, to: today, substitute: substitute)]]
            )
        }
        #expect(desk { $0.directory = away(nil) }.heard() == ["N10 @group", "N10 P-1040"])
        #expect(desk { $0.directory = away("P-1077") }.heard() == ["N10 @group", "N10 P-1077"])
        let alone = desk {
            $0.directory = away(nil)
            $0.enterpriseFacts.removeAll { $0.data["assignmentId"] == "RA-2" }
        }
        #expect(alone.heard() == ["N10 @group", "N10 P-2001", "N10 P-3001"])
    }

    @Test func `E24: an alert moves at the moment at which a later assignment begins, without another event`()
    {
        let takesOver = Town.fact(
            .rosterAssigned,
            "later",
            at: filedAt,
            [
                "assignmentId": "RA-10", "personRef": "P-1077", "role": "park.staff",
                "from": "2026-11-23T15:00:00+08:00", "scope": ["enterpriseId": "E-000451"],
            ]
        )
        let leaves = Town.fact(
            .rosterEnded,
            "leaves",
            at: filedAt,
            [
                "assignmentId": "RA-1", "personRef": "P-1032", "role": "park.staff", "from": "2026-01-01",
                "to": "2026-11-23T15:00:00+08:00", "scope": ["enterpriseId": "E-000451"],
            ]
        )
        var desk = desk { $0.enterpriseFacts += [takesOver, leaves] }
        desk.advance(to: filedAt + .minutes(54))
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
        #expect(desk.wakeAt == filedAt + .minutes(55))
        desk.advance(to: filedAt + .minutes(56))
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-1077", "P-2001"])
    }

    @Test func `An alert moves on the day on which an absence begins, and back when it ends`() {
        let tomorrow = CivilDate(filedAt).next
        var desk = desk {
            $0.directory = Directory(
                standing: Town.directory.standing,
                absences: ["P-2001": [.init(from: tomorrow, to: tomorrow, substitute: "P-2002")]]
            )
        }
        desk.advance(to: tomorrow.start - .minutes(1))
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001"])
        #expect(desk.wakeAt == tomorrow.start)
        desk.advance(to: tomorrow.start)
        #expect(desk.heard("N13") == ["@group", "P-1032", "P-2001", "P-2002"])
        #expect(desk.wakeAt.map { $0 <= tomorrow.next.start } == true)
    }

    @Test
    func `An alarm that reaches nobody is heard at once by those of the next, and again at their own time`() {
        var desk = desk {
            $0.policy = Fixtures.replacing("response") { ladder in
                ladder.steps = ladder.steps.map { step in
                    guard step.stage == "breach" else { return step }
                    let tells = [EscalationStep.Tell(roles: ["no.such.role"], messageClass: .personal)]
                    return EscalationStep(stage: "breach", moment: .due, code: "N13", tells: tells)
                }
            }
        }
        desk.advance(to: filedAt + .minutes(30))
        #expect(desk.heard("N13") == ["P-3001"] && desk.heard("N14") == [])
        let given = desk.transitions.filter { $0.action == "notification.gaveUp" }
        #expect(given.count == 1 && given.first?.fields["stage"] == "breach")
        desk.advance(to: filedAt + .minutes(61))
        #expect(desk.heard("N14") == ["P-3001"])
        desk.receive(Town.fact(.complaintResponded, "answer", at: filedAt + .minutes(70)))
        #expect(desk.heard("N15") == ["P-3001"])
    }
}
