import Duty
import Testing

/// Milestones of a project in the park are told to the park leader; no clock runs.
@Suite struct Article06Tests {
    private let project: MatterID = "project/PJ-3"

    private func milestone(_ word: String, _ time: String) throws -> Fact {
        try Event.on(time, .projectMilestone, "PJ-3", ["milestone": .string(word)])
    }

    @Test func theParkLeaderHearsOfEachMilestone() async throws {
        try await World.county(at: "2026-11-16 09:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(
                try milestone("negotiated", "2026-11-17 15:00"),
                try milestone("signed", "2026-11-18 15:00")
            )
            same(
                try await world.told(project),
                [
                    "2026-11-17 15:00 N06 leader", "2026-11-18 15:00 N06 leader",
                ]
            )
            same(try await world.matter(project).wakeAt, nil)
        }
    }

    @Test func projectsOutsideTheParkAreNotTold() async throws {
        try await World.county(at: "2026-11-16 09:00") { world in
            try await world.feed(try County.enterprise(profile: ["inPark": false]))
            try await world.live(try milestone("signed", "2026-11-18 15:00"))
            #expect(try await world.told(project).isEmpty)
        }
    }

    /// Where topics are read at different speed, the registration may come after the milestone.
    @Test func aRegistrationThatComesLateTakesTheMilestoneBack() async throws {
        try await World.county(at: "2026-11-18 15:00") { world in
            try await world.feed(try milestone("signed", "2026-11-18 15:00"))
            same(try await world.told(project), ["2026-11-18 15:00 N06 parkHead"])
            try await world.feed(try County.enterprise(profile: ["inPark": false]))
            same(try await world.told(project, code: "N75"), ["2026-11-18 15:00 N75 parkHead"])
        }
    }
}
