import Duty
import Foundation
import Testing

@testable import DutyConfig

@Suite struct ShippedConfigurationTests {
    private let path = TestFiles.root + "/config/dutyclock.yaml"

    @Test func theShippedFilesAreClean() {
        let problems = ConfigurationCheck.run(
            path: path,
            environment: [:],
            knownCodes: TestFiles.codes,
            channelTypes: TestFiles.channelTypes
        )
        #expect(problems.map(\.description) == [])
    }

    @Test func theShippedFilesSayWhatTheManualSays() throws {
        let set = try #require(
            ConfigurationSet.load(
                path: path,
                environment: [:],
                knownCodes: TestFiles.codes,
                channelTypes: TestFiles.channelTypes
            ).value
        )
        let configuration = set.configuration
        #expect(configuration.kafka.properties["bootstrap.servers"] == "127.0.0.1:9092")
        #expect(configuration.kafka.properties["group.id"] == "dutyclock")
        #expect(configuration.kafka.intake == ["park.events"])
        #expect(!configuration.kafka.createsTopics && !configuration.kafka.isEmbedded)
        #expect(configuration.store == .sqlite(path: "/var/lib/dutyclock/dutyclock.db"))
        #expect(configuration.http.host == "127.0.0.1" && configuration.http.port == 8080)
        #expect(configuration.http.isOpen)
        #expect(configuration.channels.map(\.name) == ["console"])
        #expect(configuration.routing[.personal] == ["console"])
        #expect(!configuration.shadow)
        #expect(configuration.quietHours == DutyclockConfiguration.QuietHours())
        #expect(configuration.quietHours.from == 22 * 60 && configuration.quietHours.until == 7 * 60)
        #expect(configuration.quietChannels.isEmpty)
        #expect(
            configuration.quietHours.breakingThrough(set.policy.policy) == ["A22.response", "A22.solution"]
        )
        #expect(configuration.retention.matters == .days(400))
        #expect(configuration.retention.journal == .days(3_650))
        #expect(set.policy.policy.name == "hengyang-2023-4")
        #expect(set.policy.policy.document == "蒸发〔2023〕4号")
        #expect(set.directory.directory.standing["office"] == ["office"])
        #expect(set.directory.names["P-1031"] == "刘青禾")
        #expect(set.directory.directory.absences["P-1032"]?.first?.substitute == "P-1031")
        #expect(set.calendar.knownYears == [2023, 2024, 2025, 2026])
    }

    @Test func theManualListsEverySetting() throws {
        let manual = try String(contentsOfFile: TestFiles.root + "/docs/policy.md", encoding: .utf8)
        #expect(manual.contains(SettingCatalogue.table), "\(SettingCatalogue.table)")
    }

    @Test func theExamplesOfTheManualAreReadable() throws {
        let manual = try String(contentsOfFile: TestFiles.root + "/docs/policy.md", encoding: .utf8)
        for phrase in ["`15m after opening`", "`50% of the time`", "`last day at 09:07`"] {
            #expect(manual.contains(phrase))
            #expect(MomentText.moment(String(phrase.dropFirst().dropLast())) != nil)
        }
    }
}
