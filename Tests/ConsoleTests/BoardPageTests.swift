import Duty
import Storage
import Testing

@testable import Console

/// What pages say, where their words are easily misread, and what their forms do.
@Suite struct BoardPageTests {
    private static let due = Sample.noon + .minutes(20)
    private static let at: Value = .string(Sample.noon.rfc3339)

    private func page(_ console: TestConsole, _ path: String) async throws -> String {
        let answer = try await console.ask(path)
        #expect(answer.status == 200, "\(path): \(answer.body)")
        return answer.body
    }

    // MARK: Forms

    @Test(arguments: [
        ("/\\evil.example", "/?done=1"), ("//evil.example", "/?done=1"), ("https://evil.example", "/?done=1"),
        ("/matters/complaint/CP-1", "/matters/complaint/CP-1?done=1"),
        ("/system?letters=7", "/system?letters=7&done=1"),
    ])
    func aFormLeadsBackToAPageOfThisServerAlone(_ back: String, _ expected: String) async throws {
        let premises = try Premises()
        try await premises.open { client in
            try await TestConsole(premises: premises, client: client).add("complaint/CP-1", due: Self.due)
            let form =
                "matter=complaint%2FCP-1&minutes=60&reason=x&back=" + FormText.encoded(back)
            let answer = try await client.ask(
                .post,
                "/actions/silence",
                ["authorization": "Bearer " + TestConsole.token(.supervisor)],
                body: form
            )
            #expect(answer.status == .seeOther && answer.headers[.location] == expected)
        }
    }

    private static func letter(_ offset: Int64, _ state: DeadLetter.State = .new) -> DeadLetter {
        var letter = DeadLetter(
            topic: "park.events",
            partition: 0,
            offset: offset,
            key: nil,
            value: [0x7B],
            headers: [],
            reason: "notJSON",
            detail: "",
            at: Sample.noon
        )
        letter.state = state
        return letter
    }

    @Test func aLetterIsSettledOnlyAsTheFormSays() async throws {
        try await TestConsole.with { console in
            var commit = Commit()
            commit.deadLetters = [Self.letter(1)]
            _ = try await console.premises.store.commit(commit)
            for choice in ["bogus", "", "Retry"] {
                let answer = try await console.ask(
                    "/actions/letter",
                    .post,
                    form: "number=1&reason=x&do=" + choice
                )
                #expect(answer.status == 400, "\(choice): \(answer.body)")
                #expect(try await console.premises.store.deadLetter(1)?.state == .new)
            }
            try await console.premises.store.setDeadLetters([1], to: .discarded)
            let again = try await console.ask("/actions/letter", .post, form: "number=1&reason=x&do=retry")
            #expect(again.status == 409 && again.body.contains("已作废"), "\(again.body)")
            #expect(try await console.premises.store.deadLetter(1)?.state == .discarded)
        }
    }

    @Test func everyDeadLetterIsOnAPage() async throws {
        try await TestConsole.with { console in
            var commit = Commit()
            commit.deadLetters = (1...51).map { Self.letter($0) }
            _ = try await console.premises.store.commit(commit)
            let first = try await page(console, "/system")
            #expect(first.contains("#50 ") && !first.contains("#51 "))
            #expect(first.contains("href=\"/system?letters=50\""))
            let second = try await page(console, "/system?letters=50")
            #expect(second.contains("#51 ") && !second.contains("#50 ") && !second.contains("letters=51"))
        }
    }

    @Test func theStepsToEscalateToSayWhomTheyTellAndAreOnesThatTell() async throws {
        try await TestConsole.with { console in
            try await console.add("complaint/CP-1", due: Self.due)
            let first = try await page(console, "/matters/complaint/CP-1")
            #expect(!first.contains("|reopen\""), "a complaint that was never opened again")
            #expect(first.contains("→ 超时(提前):告知"))
            #expect(first.contains("A22.response|1||escalate60"))
            try await console.add("complaint/CP-2", cycle: 2, due: Self.due)
            let second = try await page(console, "/matters/complaint/CP-2")
            #expect(second.contains("A22.response|2||reopen") && !second.contains("A22.response|2||open\""))
        }
    }

    // MARK: Words

    @Test func anEscalationByHandIsVoidOnlyIfItWasVoided() async throws {
        try await TestConsole.with { console in
            let asked: Value = [
                "requestId": "R-1", "matter": "complaint/CP-1", "ruleId": "A22.response",
                "stage": "escalate60",
                "reason": "x", "by": ["personRef": "P-2", "role": "supervisor"], "at": Self.at,
            ]
            try await console.add("complaint/CP-1", due: Self.due, facts: [(.escalationRequested, asked)])
            let plain = try await page(console, "/matters/complaint/CP-1")
            #expect(plain.contains("人工升级") && !plain.contains("已作废"))
            let void: Value = [
                "targetType": "park.escalation.requested.v1", "targetId": "complaint/CP-2-0", "reason": "误报",
                "by": "P-2", "at": Self.at, "targetSource": "/tests",
            ]
            try await console.add(
                "complaint/CP-2",
                due: Self.due,
                facts: [(.escalationRequested, asked), (.recordVoided, void)]
            )
            #expect(try await page(console, "/matters/complaint/CP-2").contains("已作废"))
        }
    }

    @Test func aSilenceSaysWhatItKeepsBack() async throws {
        try await TestConsole.with { console in
            let scope: Value = ["matter": "complaint/CP-1", "personRef": "P-1032"]
            let set: Value = [
                "silenceId": "SL-1", "scope": scope, "from": Self.at, "reason": "停电", "by": "P-2",
                "at": Self.at,
                "until": .string((Sample.noon + .hours(2)).rfc3339),
            ]
            try await console.add("silence/SL-1", due: Self.due, facts: [(.silenceSet, set)])
            for path in ["/system", "/audit"] {
                let page = try await page(console, path)
                #expect(page.contains("诉求 CP-1、接收人 司徒静澜"), "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("share.park.staff.r1.e2", "告知份额", "share told"),
        ("share.park.staff.r2.e4", "告知份额(罚款第2版)", "share told (revision 2 of the fine)"),
        ("held.park.leader.r1.e1", "份额待定", "share held"),
        ("breach.r2", "超时(再次,第2遍)", "breach (again, 2)"),
    ])
    func aStageIsCalledWhatItIs(_ stage: String, _ chinese: String, _ english: String) {
        #expect(StageWords.text(stage, isChinese: true) == chinese)
        #expect(StageWords.text(stage, isChinese: false) == english)
    }

    @Test func quartersAndWhomAnEventNamesHaveWords() async throws {
        try await TestConsole.with { console in
            try await console.add(
                "duty/A25.P-1032",
                rule: "A24.meeting",
                article: 24,
                cycle: 20_264,
                due: Self.due
            )
            // A form's values are for programs, and a viewer has none.
            let page = try await console.ask("/matters/duty/A25.P-1032", token: TestConsole.token(.viewer))
                .body
            #expect(page.contains("2026年第4季度") && !page.contains("20264"))
            let view = BoardView(
                reader: console.premises.server.board.reader,
                language: .chinese,
                principal: Principal(name: "x", role: .viewer),
                isWall: false
            )
            #expect(view.role("fact:personRef") == "事件所指的人" && view.role("park.head") != "park.head")
        }
    }

    // MARK: Refusals

    @Test func aBrowserIsRefusedInWords() async throws {
        let premises = try Premises()
        try await premises.open { client in
            let cookie = try await client.login(TestConsole.token(.viewer))
            let browser = ["accept": "text/html", "cookie": cookie]
            let audit = try await client.ask(.get, "/audit", browser)
            #expect(audit.status == .forbidden && audit.headers[.wwwAuthenticate] != nil)
            #expect(audit.headers[.contentType]?.hasPrefix("text/html") == true)
            #expect(String(buffer: audit.body).contains("没有权限"))
            let stale = try await client.ask(.post, "/actions/silence", browser, body: "csrf=old")
            #expect(stale.status == .forbidden && String(buffer: stale.body).contains("没有权限"))
            let head = try await client.login(TestConsole.token(.supervisor))
            let old = try await client.ask(
                .post,
                "/actions/silence",
                [
                    "accept": "text/html", "cookie": head,
                    "referer": "http://localhost/matters/complaint/CP-1",
                ],
                body: "csrf=old"
            )
            #expect(old.status == .forbidden && String(buffer: old.body).contains("页面已过期"))
            #expect(String(buffer: old.body).contains("href=\"/matters/complaint/CP-1\""))
            let ended = try await client.ask(
                .post,
                "/actions/silence",
                ["accept": "text/html", "referer": "http://localhost/matters/complaint/CP-1"],
                body: "csrf=old"
            )
            #expect(ended.status == .unauthorized)
            #expect(
                String(buffer: ended.body).contains("href=\"/login?next=%2Fmatters%2Fcomplaint%2FCP-1\"")
            )
            // Programs get what they can read.
            for headers in [["cookie": cookie], ["accept": "application/json", "cookie": cookie]] {
                let answer = try await client.ask(.get, "/audit", headers)
                #expect(answer.headers[.contentType]?.hasPrefix("application/json") == true)
            }
            let path = try await client.ask(.get, "/api/v1/journal", browser)
            #expect(path.headers[.contentType]?.hasPrefix("application/json") == true)
        }
    }
}
