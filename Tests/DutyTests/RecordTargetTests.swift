import Duty
import Testing

/// Which event a correction or a void is about: one by its id, type, enterprise and source, or none.
@Suite struct RecordTargetTests {
    private static let at = Town.monday

    private static func filed(
        _ source: String,
        _ kind: EventKind = .complaintFiled,
        of enterprise: EnterpriseID? = Town.enterpriseID
    ) -> Fact {
        Town.fact(kind, "7", at: at).keyed(source: source, enterprise: enterprise)
    }

    private static func void(
        _ source: String,
        _ type: String = "complaint.filed",
        of enterprise: EnterpriseID? = Town.enterpriseID,
        from targetSource: Value = .null
    ) -> Fact {
        Town.void("v", of: "7", at: at + .minutes(1))
            .with(["targetType": .string(type), "targetSource": targetSource])
            .keyed(source: source, enterprise: enterprise)
    }

    /// The sources of those that are left.
    private func left(_ facts: Fact...) -> [String] {
        FactHistory.effective(facts).map(\.key.source).sorted()
    }

    @Test func `An id alone names nothing: type and enterprise have to fit`() {
        #expect(left(Self.filed("/a"), Self.void("/office")) == [])
        #expect(left(Self.filed("/a"), Self.void("/office", "park.complaint.filed.v1")) == [])
        #expect(left(Self.filed("/a"), Self.void("/a", "fine.issued")) == ["/a"])
        #expect(left(Self.filed("/a"), Self.void("/a", "no.such.type")) == ["/a"])
        #expect(left(Self.filed("/a"), Self.void("/a", of: "E-2")) == ["/a"])
        #expect(left(Self.filed("/a"), Self.void("/a", of: nil)) == ["/a"])
        #expect(left(Self.filed("/a", .complaintResponded), Self.void("/a")) == ["/a"])
    }

    @Test func `What belongs to no enterprise is found whatever the void says of one`() {
        let clue = Self.filed("/a", .clueTransferred, of: nil)
        #expect(left(clue, Self.void("/b", "clue.transferred", of: nil)) == [])
        #expect(left(clue, Self.void("/b", "clue.transferred")) == [])
    }

    @Test func `Of several that fit the one of its own source is meant, or none`() {
        let (one, two) = (Self.filed("/a"), Self.filed("/b"))
        #expect(left(one, two, Self.void("/b")) == ["/a"])
        #expect(left(one, two, Self.void("/office")) == ["/a", "/b"])
        // Of other types, or of another enterprise, there can be as many as there like to be.
        #expect(left(one, Self.filed("/b", of: "E-2"), Self.void("/office")) == ["/b"])
        #expect(left(one, Self.filed("/b", .complaintResponded), Self.void("/b")) == ["/b"])
    }

    @Test func `A source that is named is the one, also before its own`() {
        let (one, two) = (Self.filed("/a"), Self.filed("/b"))
        #expect(left(one, two, Self.void("/b", from: "/a")) == ["/b"])
        #expect(left(one, two, Self.void("/office", from: "/b")) == ["/a"])
        #expect(left(one, Self.void("/a", from: "/b")) == ["/a"])
    }

    @Test func `A correction keeps to the same rules`() {
        let (one, two) = (Self.filed("/a"), Self.filed("/b"))
        let fix = Town.correction("c", of: "7", at: Self.at, ["summary": "改"])
            .keyed(source: "/b", enterprise: Town.enterpriseID)
        let words = FactHistory.effective([one, two, fix]).map { $0.key.source + ($0.text("summary") ?? "") }
        #expect(words.contains("/b改") && !words.contains("/a改"))
    }

    // MARK: Whose matter it is

    private func owner(_ facts: Fact..., of matter: MatterID = "complaint/1") -> EnterpriseID? {
        let answers = Set([facts, facts.reversed()].map { FactHistory.enterprise(of: matter, $0) })
        #expect(answers.count == 1)
        return answers.first ?? nil
    }

    @Test func `A matter is the enterprise's for which it was opened, whatever the others claim`() {
        let early = Town.fact(.complaintAssigned, "8", at: Self.at - .hours(1))
            .keyed(source: "/a", enterprise: "E-2")
        #expect(owner(Self.filed("/a"), early) == Town.enterpriseID)
        #expect(owner(early) == "E-2")
        #expect(owner(of: "waiting/7") == nil)
        #expect(owner(Self.void("/a"), of: "waiting/7") == nil)
    }

    @Test
    func
        `What was voided or corrected no longer says whose it is, but for a matter of which nothing is left`()
    {
        let wrong = Self.filed("/a")
        let right = Town.fact(.complaintFiled, "9", at: Self.at + .minutes(1), ["enterpriseId": "E-2"])
            .keyed(source: "/a", enterprise: "E-2")
        #expect(owner(wrong, right) == Town.enterpriseID)
        #expect(owner(wrong, Self.void("/a"), right) == "E-2")
        #expect(owner(wrong, Self.void("/a")) == Town.enterpriseID)
        let fix = Town.correction("c", of: "7", at: Self.at, ["enterpriseId": "E-2"])
            .keyed(source: "/a", enterprise: Town.enterpriseID)
        #expect(owner(wrong, fix) == "E-2")
    }

    @Test func `What is restricted for what it is has no enterprise, also where a correction makes it so`() {
        let secret = Self.filed("/a").with(["kind": "discipline"]).classified(.restricted)
        #expect(owner(secret, Town.fact(.complaintAssigned, "8", at: Self.at)) == nil)
        let fix = Town.correction("c", of: "7", at: Self.at, ["kind": "discipline"])
            .keyed(source: "/a", enterprise: Town.enterpriseID)
        #expect(owner(Self.filed("/a"), fix) == nil)
        // What its producer alone made so is still the enterprise's.
        #expect(owner(Self.filed("/a").classified(.restricted)) == Town.enterpriseID)
        for type: MatterType in [.clue, .assessment, .duty, .silence, .calendar, .park, .org] {
            #expect(owner(Self.filed("/a"), of: MatterID(type: type, number: "1")) == nil)
        }
        #expect(owner(Self.filed("/a"), of: "enterprise/E-7") == "E-7")
    }
}

extension Fact {
    /// The same from another source, of another enterprise.
    func keyed(source: String, enterprise: EnterpriseID?) -> Fact {
        keyed(EventKey(source: source, id: key.id), enterprise)
    }

    /// The same under another key, of another enterprise.
    func keyed(_ key: EventKey, _ enterprise: EnterpriseID?) -> Fact {
        Fact(
            key: key,
            kind: kind,
            matter: matter,
            enterprise: enterprise,
            time: time,
            receivedAt: receivedAt,
            classification: classification,
            data: data
        )
    }

    func classified(_ classification: DataClassification) -> Fact {
        Fact(
            key: key,
            kind: kind,
            matter: matter,
            enterprise: enterprise,
            time: time,
            receivedAt: receivedAt,
            classification: classification,
            data: data
        )
    }
}
