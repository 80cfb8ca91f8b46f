import Duty

/// What the engine decides by: the current policy, older ones that matters were opened under, the calendar
/// and the directory.
///
/// Replaced as a whole when the configuration is reloaded.
package struct RuleBook: Sendable {
    package let current: Policy
    /// By version; holds the current one too.
    package let policies: [String: Policy]
    /// As the file has it.
    let fileCalendar: WorkCalendar
    /// In force: with the years that events have published since.
    package internal(set) var calendar: WorkCalendar
    package let directory: Directory

    package init(current: Policy, older: [Policy] = [], calendar: WorkCalendar, directory: Directory) {
        self.current = current
        policies = Dictionary((older + [current]).map { ($0.version, $0) }) { _, new in new }
        fileCalendar = calendar
        self.calendar = calendar
        self.directory = directory
    }

    /// The policy that a matter keeps; the current one where the version is unknown.
    package func policy(_ version: String) -> Policy { policies[version] ?? current }
}
