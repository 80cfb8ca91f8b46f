import Duty
import Storage
import Testing

/// What every store has to do for delivery.
@Suite struct OutboxConformance {
    private let later = Sample.noon + .minutes(5)

    private func start(_ key: String, _ number: Int = 1, channel: String = "hook") -> StoredAttemptStart {
        StoredAttemptStart(key: key, channel: channel, number: number, at: Sample.noon)
    }

    private func end(
        _ key: String,
        _ number: Int = 1,
        _ outcome: SendOutcome,
        _ state: NotificationState,
        channel: String = "hook",
        nextAt: Instant? = nil
    ) -> StoredAttemptEnd {
        StoredAttemptEnd(
            key: key,
            channel: channel,
            number: number,
            at: Sample.noon + .seconds(2),
            outcome: outcome,
            state: state,
            nextAt: nextAt
        )
    }

    private func fill(_ store: any Store, _ keys: String...) async throws {
        _ = try await store.commit(Commit { $0.notifications = keys.map { Sample.notification($0) } })
    }

    @Test(arguments: StoreKind.all) func theUrgentAndTheOldLeaveFirst(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.nextNotificationDue(after: Sample.noon) == nil)
            _ = try await store.commit(
                Commit {
                    $0.notifications = [
                        Sample.notification("calm old", urgency: 2, at: Sample.noon - .minutes(9)),
                        Sample.notification("alarm new", urgency: 0, at: Sample.noon - .minutes(1)),
                        Sample.notification("alarm old", urgency: 0, at: Sample.noon - .minutes(2)),
                        Sample.notification("middle", urgency: 1),
                        Sample.notification("not yet", urgency: 0, at: Sample.noon + .seconds(1)),
                    ]
                }
            )
            #expect(try await store.outbox() == ["alarm old", "alarm new", "middle", "calm old"])
            #expect(try await store.outbox(limit: 3) == ["alarm old", "alarm new", "middle"])
            #expect(
                try await store.outbox(limit: 2, excluding: ["alarm old", "middle"]) == [
                    "alarm new", "calm old",
                ]
            )
            #expect(try await store.outbox(limit: 0).isEmpty)
            let next = Sample.noon + .seconds(1)
            #expect(try await store.nextNotificationDue(after: Sample.noon) == next)
            #expect(try await store.nextNotificationDue(after: next) == nil)
            #expect(try await store.nextNotificationDue(after: .distantPast) == Sample.noon - .minutes(9))
            #expect(try await store.statistics(now: Sample.noon).pendingNotifications == 5)
        }
    }

    @Test(arguments: StoreKind.all) func aClassWithoutRoomIsPassedOverButForWhatIsMoreUrgent(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            func row(
                _ key: String,
                _ messageClass: MessageClass,
                _ urgency: Int,
                minutesAgo: Int64
            )
                -> Duty.Notification
            {
                Sample.notification(
                    key,
                    urgency: urgency,
                    at: Sample.noon - .minutes(minutesAgo),
                    messageClass: messageClass
                )
            }
            _ = try await store.commit(
                Commit {
                    $0.notifications = [
                        row("group 1 old", .group, 1, minutesAgo: 9),
                        row("personal 1", .personal, 1, minutesAgo: 8),
                        row("group 1 new", .group, 1, minutesAgo: 7),
                        row("group 0", .group, 0, minutesAgo: 1),
                        row("personal 2", .personal, 2, minutesAgo: 20),
                        row("later", .group, 1, minutesAgo: -1),
                    ]
                }
            )
            // Across the classes by urgency and age.
            #expect(
                try await store.outbox() == [
                    "group 0", "group 1 old", "personal 1", "group 1 new", "personal 2",
                ]
            )
            #expect(try await store.outbox(limit: 3) == ["group 0", "group 1 old", "personal 1"])
            #expect(
                try await store.outbox(passingOver: [.group: 1]) == ["group 0", "personal 1", "personal 2"]
            )
            #expect(
                try await store.outbox(passingOver: [.group: 0, .personal: 2, .mail: 0]) == ["personal 1"]
            )
            #expect(
                try await store.outbox(limit: 2, excluding: ["group 1 old"]) == ["group 0", "personal 1"]
            )
            // It waits for its time whether there is room or not.
            #expect(
                try await store.nextNotificationDue(after: Sample.noon) == Sample.noon + .minutes(1)
            )
        }
    }

    @Test(arguments: StoreKind.all) func whatWasTriedLatelyIsFound(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store, "n", "m", "o", "held")
            let digest = "digest|1"
            try await store.beginAttempts(
                ["n", "m"].map {
                    StoredAttemptStart(key: $0, channel: "hook", number: 1, at: Sample.noon, digest: digest)
                } + [start("o")]
            )
            let records = try await store.finishAttempts(
                ["n", "m"].map {
                    StoredAttemptEnd(
                        key: $0,
                        channel: "hook",
                        number: 1,
                        at: Sample.noon + .seconds(2),
                        outcome: .sent(reference: nil),
                        state: .sent,
                        nextAt: nil,
                        digest: digest
                    )
                }
            )
            // A row that is only put down until later was not tried.
            try await store.finishAttempts([end("held", 0, .sent(reference: nil), .pending, nextAt: later)])
            #expect(records.flatMap(\.entries).allSatisfy { $0.fields["digest"]?.string == digest })
            #expect(records.count == 2)
            let tried = try await store.notifications(triedSince: Sample.noon + .seconds(2))
            #expect(Set(tried.map(\.notification.key)) == ["n", "m"])
            #expect(tried.allSatisfy { $0.attempts.map(\.digest) == [digest] })
            #expect(try await store.notifications(triedSince: Sample.noon + .seconds(3)).isEmpty)
            // What a crash cut off counts from the moment that was noticed.
            try await store.recoverAttempts(now: later)
            let cut = try await store.notifications(triedSince: later)
            #expect(cut.map(\.notification.key) == ["o"])
            #expect(try await store.notification("held")?.nextAt == later)
        }
    }

    @Test(arguments: StoreKind.all) func oneKeyIsQueuedOnce(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store, "n")
            try await store.beginAttempts([start("n")])
            try await fill(store, "n")
            #expect(try await store.outbox(now: later).isEmpty)
            #expect(try await store.notification("n")?.state == .sending)
        }
    }

    @Test(arguments: StoreKind.all) func anAttemptIsOnRecordFromItsBeginningToItsEnd(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            try await fill(store, "n", "m")
            try await store.beginAttempts([start("n"), start("m")])
            #expect(try await store.outbox(now: later).isEmpty)
            try await store.finishAttempts([end("n", 1, .sent(reference: "R-1"), .sent)])
            let row = try #require(try await store.notification("n"))
            #expect(row.state == .sent && row.nextAt == nil)
            #expect(
                row.attempts == [
                    StoredAttempt(
                        channel: "hook",
                        number: 1,
                        startedAt: Sample.noon,
                        finishedAt: Sample.noon + .seconds(2),
                        outcome: .sent(reference: "R-1")
                    )
                ]
            )
            #expect(try await store.notification("m")?.attempts.first?.outcome == nil)
            #expect(try await store.actions() == ["notification.sent"])
            #expect(try await store.verify { _, _ in }.isSound)
        }
    }

    @Test(arguments: StoreKind.all) func beginningAndEndingTwiceIsAsOnce(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store, "n")
            for _ in 0..<2 { try await store.beginAttempts([start("n")]) }
            for _ in 0..<2 { try await store.finishAttempts([end("n", 1, .sent(reference: nil), .sent)]) }
            try await store.beginAttempts([start("n")])
            let row = try #require(try await store.notification("n"))
            #expect(row.attempts.count == 1 && row.state == .sent && row.nextAt == nil)
            #expect(try await store.actions() == ["notification.sent"])
        }
    }

    @Test(arguments: StoreKind.all) func everyOutcomeIsKept(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let outcomes: [SendOutcome] = [
                .sent(reference: nil), .sent(reference: "R"),
                .retry(code: "429", reason: "忙", after: .seconds(30)),
                .retry(code: "503", reason: "", after: nil), .failed(code: "400", reason: "无此人"),
                .uncertain(reason: "no answer"),
            ]
            try await fill(store, "n")
            for (index, outcome) in outcomes.enumerated() {
                try await store.beginAttempts([start("n", index + 1)])
                try await store.finishAttempts([end("n", index + 1, outcome, .pending, nextAt: later)])
            }
            #expect(try await store.notification("n")?.attempts.map(\.outcome) == outcomes)
            #expect(
                try await store.actions().suffix(3) == [
                    "notification.failed", "notification.failed", "notification.uncertain",
                ]
            )
        }
    }

    @Test(arguments: StoreKind.all) func aRetryWaitsForItsMoment(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store, "n")
            try await store.beginAttempts([start("n")])
            let busy = SendOutcome.retry(code: "503", reason: "busy", after: nil)
            try await store.finishAttempts([end("n", 1, busy, .pending, nextAt: later)])
            #expect(try await store.outbox(now: later - .seconds(1)).isEmpty)
            #expect(try await store.outbox(now: later) == ["n"])
            #expect(try await store.nextNotificationDue(after: Sample.noon) == later)
        }
    }

    @Test(arguments: StoreKind.all) func numberZeroChangesTheRowAndNoAttempt(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store, "n", "m")
            let nothing = SendOutcome.failed(code: "noChannel", reason: "nothing to try")
            try await store.finishAttempts([
                end("n", 0, nothing, .gaveUp, channel: ""),
                end("m", 0, nothing, .pending, channel: "", nextAt: later),
            ])
            let row = try #require(try await store.notification("n"))
            #expect(row.state == .gaveUp && row.nextAt == nil && row.attempts.isEmpty)
            let other = try #require(try await store.notification("m"))
            #expect(other.state == .pending && other.nextAt == later && other.attempts.isEmpty)
            #expect(try await store.actions() == ["notification.gaveUp"])
            let records = try await store.journal(after: 0, limit: 10)
            #expect(records.allSatisfy { !$0.entries.isEmpty }, "a record without entries says nothing")
        }
    }

    @Test(arguments: StoreKind.all) func whatWasInMidSendIsUncertainAfterwards(_ kind: StoreKind) async throws
    {
        try await kind.with { store in
            try await fill(store, "mid", "done", "fresh")
            try await store.beginAttempts([start("mid"), start("done")])
            try await store.finishAttempts([end("done", 1, .sent(reference: nil), .sent)])
            let records = try await store.recoverAttempts(now: later)
            #expect(records.flatMap(\.entries).map(\.action) == ["notification.uncertain"])
            #expect(try await store.journal(after: 1, limit: 9) == records)
            let row = try #require(try await store.notification("mid"))
            #expect(row.state == .uncertain && row.nextAt == later)
            #expect(row.attempts.count == 1 && row.attempts.first?.finishedAt == later)
            #expect(row.attempts.first?.outcome == .uncertain(reason: "the process ended in mid-send"))
            #expect(try await store.notification("done")?.state == .sent)
            #expect(try await store.notification("fresh")?.state == .pending)
            #expect(try await store.actions() == ["notification.sent", "notification.uncertain"])
            #expect(try await store.recoverAttempts(now: later).isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func anInterruptedAttemptIsInTheJournalOnce(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            try await fill(store, "a", "b")
            try await store.beginAttempts([start("a"), start("b")])
            // Crashes of those that recover: nothing is left to them.
            for _ in 0..<3 { try await store.recoverAttempts(now: later) }
            // What the dispatcher says of them when it finds no other channel, and again because an answer was lost.
            let doubt = SendOutcome.uncertain(reason: "the process ended in mid-send")
            for _ in 0..<2 {
                let records = try await store.finishAttempts(
                    ["a", "b"].map { end($0, 1, doubt, .uncertain) }
                )
                #expect(records.isEmpty)
            }
            #expect(try await store.actions() == ["notification.uncertain", "notification.uncertain"])
            #expect(try await store.recoverAttempts(now: later).isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func theJournalNamesThePolicyOfTheMatter(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.commit(Commit { $0.matters = [Sample.matter()] })
            try await fill(store, "n", "mid")
            try await store.beginAttempts([start("n"), start("mid")])
            let records =
                try await store.finishAttempts([end("n", 1, .sent(reference: nil), .sent)])
                + store.recoverAttempts(now: later)
            #expect(records.map(\.policyVersion) == ["2023-4.1", "2023-4.1"])
            #expect(records.map(\.sequence) == [1, 2])
            #expect(try await store.journal(after: 0, limit: 9) == records)
        }
    }

    @Test(arguments: StoreKind.all) func givingUpLaterIsSaidOnceWithItsReason(_ kind: StoreKind) async throws
    {
        try await kind.with { store in
            try await fill(store, "n")
            try await store.beginAttempts([start("n")])
            let busy = SendOutcome.retry(code: "503", reason: "busy", after: nil)
            try await store.finishAttempts([end("n", 1, busy, .failed, nextAt: later)])
            // The channel is gone when the time for the second try has come: the attempt is known already.
            for _ in 0..<2 {
                try await store.finishAttempts([
                    StoredAttemptEnd(
                        key: "n",
                        channel: "hook",
                        number: 1,
                        at: later,
                        outcome: busy,
                        state: .gaveUp,
                        nextAt: nil,
                        gaveUpBecause: "unknown channel in the routing"
                    )
                ])
            }
            #expect(try await store.actions() == ["notification.failed", "notification.gaveUp"])
            let last = try await store.journal(after: 1, limit: 9).first?.entries.first
            #expect(last?.fields["reason"] == "unknown channel in the routing")
        }
    }

    @Test(arguments: StoreKind.all) func theFirstAcknowledgementCounts(_ kind: StoreKind) async throws {
        try await kind.with { store in
            func acknowledgement(_ key: String, _ person: PersonRef) -> Acknowledgement {
                Acknowledgement(key: key, person: person, at: Sample.noon, via: "card")
            }
            try await fill(store, "n", "m")
            _ = try await store.commit(Commit { $0.acknowledgements = [acknowledgement("n", "P-1")] })
            _ = try await store.commit(
                Commit {
                    $0.acknowledgements = [acknowledgement("n", "P-2"), acknowledgement("unknown", "P-1")]
                }
            )
            #expect(try await store.notification("n")?.acknowledgement == acknowledgement("n", "P-1"))
            #expect(try await store.notification("m")?.acknowledgement == nil)
        }
    }

    @Test(arguments: StoreKind.all) func whatASilenceKeepsBackIsNeverTakenUntilItIsSaidAfterAll(
        _ kind: StoreKind
    ) async throws {
        func kept(_ key: String, by silence: String) -> SilencedNotification {
            SilencedNotification(notification: Sample.notification(key), silence: silence, reason: "演练")
        }
        try await kind.with { store in
            try await fill(store, "sent")
            _ = try await store.commit(
                Commit { $0.silenced = [kept("n", by: "S-1"), kept("sent", by: "S-1")] }
            )
            #expect(try await store.notification("n")?.state == .silenced)
            #expect(try await store.notification("sent")?.state == .pending)
            #expect(try await store.silencedMatters(by: "S-1") == ["complaint/1"])
            let taken = try await store.takeNotifications(
                limit: 9,
                now: Sample.noon + .days(1),
                excluding: [],
                passingOver: [:]
            )
            #expect(taken.map(\.notification.key) == ["sent"])
            _ = try await store.commit(Commit { $0.silenced = [kept("n", by: "S-2")] })
            #expect(try await store.silencedMatters(by: "S-1") == [])
            #expect(try await store.silencedMatters(by: "S-2") == ["complaint/1"])
            _ = try await store.commit(Commit { $0.notifications = [Sample.notification("n")] })
            #expect(try await store.notification("n")?.state == .pending)
            #expect(try await store.silencedMatters(by: "S-2") == [])
        }
    }
}
