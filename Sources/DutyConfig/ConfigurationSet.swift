import Duty

/// All files of a configuration, read and checked against each other.
package struct ConfigurationSet: Sendable {
    package let configuration: DutyclockConfiguration
    package let policy: PolicyFile
    package let directory: DirectoryFile
    package let calendar: WorkCalendar
    /// Steps and duties of the policy behind which nobody stands now.
    ///
    /// A post may be vacant while the others go on, so these are to be said and keep nothing from running.
    package let vacancies: [ConfigProblem]

    /// Reads everything that the file at `path` names.
    ///
    /// `knownCodes` are the messages that have a template, `channelTypes` the types of channel that there are.
    package static func load(
        path: String,
        environment: [String: String],
        knownCodes: Set<String>,
        channelTypes: [ChannelSchema],
        needing need: SecretNeed = .all
    ) -> Loaded<ConfigurationSet> {
        let configuration = DutyclockConfiguration.load(
            path: path,
            environment: environment,
            channelTypes: channelTypes,
            needing: need
        )
        guard let main = configuration.partial else { return Loaded(nil, configuration.problems) }
        let policy = main.policy.isEmpty ? nil : PolicyFile.load(path: main.policy, locale: main.locale)
        let directory = main.directory.isEmpty ? nil : DirectoryFile.load(path: main.directory)
        let calendar = main.calendar.isEmpty ? nil : CalendarFile.load(path: main.calendar)
        var problems = configuration.problems
        problems += policy?.problems ?? []
        problems += directory?.problems ?? []
        problems += calendar?.problems ?? []
        let check = CrossCheck(
            configuration: main,
            policy: policy?.partial,
            directory: directory?.partial,
            knownCodes: knownCodes
        )
        problems += check.problems()
        guard let rules = policy?.partial, let people = directory?.partial, let days = calendar?.partial
        else {
            return Loaded(nil, problems.sorted(), locale: main.locale)
        }
        let set = ConfigurationSet(
            configuration: main,
            policy: rules,
            directory: people,
            calendar: days,
            vacancies: check.vacancies().sorted()
        )
        return Loaded(set, problems.sorted(), locale: main.locale)
    }
}

/// What `dutyclock check` says of the configuration.
package enum ConfigurationCheck {
    /// Everything that is wrong in any of the files, and what reaches nobody, in the order of files and lines.
    package static func run(
        path: String,
        environment: [String: String],
        knownCodes: Set<String>,
        channelTypes: [ChannelSchema]
    ) -> [ConfigProblem] {
        let loaded = ConfigurationSet.load(
            path: path,
            environment: environment,
            knownCodes: knownCodes,
            channelTypes: channelTypes
        )
        return (loaded.problems + (loaded.partial?.vacancies ?? [])).sorted()
    }
}
