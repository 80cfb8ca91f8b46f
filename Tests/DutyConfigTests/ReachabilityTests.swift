import Duty
import Testing

@testable import DutyConfig

/// Who would hear nothing, and who by one channel alone.
@Suite struct ReachabilityTests {
    private static let now = Instant(rfc3339: "2026-11-23T02:17:00+08:00") ?? .distantPast

    private func reach(_ directory: String, personal: [String] = ["app", "sms"]) throws -> Reachability {
        var configuration = DutyclockConfiguration(file: "c")
        configuration.channels = [
            ChannelConfiguration(name: "app", schema: ChannelSchema("a", needsAddress: true)),
            ChannelConfiguration(name: "sms", schema: ChannelSchema("s", needsAddress: true)),
            ChannelConfiguration(name: "robot", schema: ChannelSchema("r", needsAddress: false)),
        ]
        configuration.routing = [.personal: personal, .group: ["robot"]]
        let policy = try #require(PolicyFile.load(text: TestFiles.policyText, fileName: "p").partial)
        let people = try #require(DirectoryFile.load(text: directory, fileName: "d").partial)
        return Reachability(configuration: configuration, policy: policy, directory: people)
    }

    private static let people = """
        people:
          - { ref: P-1, name: 甲, addresses: { app: a, sms: "1" } }
          - { ref: P-2, name: 乙, roles: [park.head], addresses: { sms: "2" } }
          - { ref: P-3, name: 丙, roles: [office], addresses: { app: c, sms: "3" } }
          - { ref: P-4, name: 丁, roles: [county.deputy] }
        """

    private func enterprise(
        _ id: EnterpriseID,
        inPark: Bool = true,
        _ holders: [(String, String)]
    ) throws -> Enterprise {
        func fact(_ kind: EventKind, _ key: String, _ data: Value) throws -> Fact {
            let event = CloudEvent(
                attributes: ["specversion": "1.0", "id": key, "source": "/t", "type": kind.typeName],
                data: data
            )
            return try EventValidation.fact(event, receivedAt: Self.now)
        }
        let registered: Value = [
            "enterpriseId": .string(id.text), "uscc": "91430421MA4TEXT01G", "name": "某某精密",
            "registeredAt": "2026-01-01T00:00:00+08:00", "inPark": .bool(inPark),
        ]
        var facts = [try fact(.enterpriseRegistered, "r", registered)]
        for (person, role) in holders {
            let assigned: Value = [
                "assignmentId": .string(person + role), "personRef": .string(person), "role": .string(role),
                "from": "2026-01-01", "scope": ["enterpriseId": .string(id.text)],
            ]
            facts.append(try fact(.rosterAssigned, person + role, assigned))
        }
        return Enterprise(id: id, facts: facts)
    }

    private func said(_ found: [Reachability.Finding], _ kind: Reachability.Finding.Kind) -> [String] {
        found.filter { $0.kind == kind && $0.messageClass == .personal }.map {
            $0.subject.english + " " + ($0.channel ?? "nobody")
        }
    }

    @Test func rolesByTheWaysThatReachTheirHolders() throws {
        let found = try reach(Self.people).findings([], at: Self.now)
        let roles = said(found, .role)
        #expect(roles.contains("county.deputy nobody"), "a holder without an address")
        #expect(roles.contains("hall.head nobody") || roles.contains("discipline nobody"), "no holder")
        #expect(!roles.contains { $0.hasPrefix("office") }, "two channels")
        #expect(!roles.contains { $0.hasPrefix("park.staff") }, "people of an enterprise have no standing")
    }

    @Test func stepsWithEverybodyBehindThem() throws {
        let found = try reach(Self.people).findings([], at: Self.now).filter { $0.kind == .step }
        #expect(found.contains { $0.subject.english.contains("escalate24h") && $0.isNobody })
        #expect(found.allSatisfy { ($0.line ?? 0) > 1 })
    }

    @Test func enterprisesWithTheirRosters() throws {
        let complete = try enterprise("E-1", [("P-1", "park.staff"), ("P-1", "park.leader")])
        let lonely = try enterprise("E-2", [("P-1", "park.staff"), ("P-2", "park.leader")])
        let deaf = try enterprise("E-3", [("P-4", "park.staff"), ("P-1", "park.leader")])
        let outside = try enterprise("E-4", inPark: false, [])
        let found = said(
            try reach(Self.people).findings([complete, lonely, deaf, outside], at: Self.now),
            .enterprise
        )
        #expect(found.contains("E-2: park.leader sms"))
        #expect(found.contains("E-3: park.staff nobody"))
        #expect(!found.contains { $0.hasPrefix("E-1: park.staff") || $0.hasPrefix("E-1: park.leader") })
        #expect(!found.contains { $0.hasPrefix("E-4") })
    }

    @Test func aClassOfOneChannelIsNoNewsOfAnyRole() throws {
        let reach = try reach(Self.people, personal: ["sms"])
        #expect(reach.narrowClasses.map(\.channel) == ["robot", "sms"])
        let found = reach.findings([], at: Self.now)
        #expect(!found.isEmpty && found.allSatisfy(\.isNobody))
    }
}
