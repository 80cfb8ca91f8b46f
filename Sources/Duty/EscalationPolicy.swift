/// Who is told what, when: a ladder of steps beside one clock, used by name in many rules.
package struct EscalationPolicy: Sendable, Hashable {
    /// In the order of the ladder; a later step says more than an earlier one.
    package var steps: [EscalationStep]
    /// To everybody who heard an alarm, once the duty is done after all.
    package var met: String?
    /// To everybody whose last message no longer holds.
    package var withdrawn: String?
    /// To everybody who heard a due time, when the due time becomes earlier.
    package var moved: String?

    package init(
        steps: [EscalationStep],
        met: String? = nil,
        withdrawn: String? = nil,
        moved: String? = nil
    ) {
        self.steps = steps
        self.met = met
        self.withdrawn = withdrawn
        self.moved = moved
    }
}

/// One step of a ladder.
package struct EscalationStep: Sendable, Hashable {
    /// The stage's name in keys and logs (`open`, `warn15`, `breach`, `escalate60`).
    package let stage: String
    package let moment: Moment
    /// The message's row in the catalogue.
    package let code: String
    package let tells: [Tell]
    package let cycles: Cycles
    /// How it is said again to single people who have not acknowledged it; nil: it is said once.
    package var repetition: Repetition?
    /// How long an acknowledgement keeps it quiet; nil: for good.
    package var acknowledgedFor: Span?
    /// The hours in which it comes; nil: at any hour.
    package var daytime: Daytime?
    /// Whether roles that departments hold are passed over, stand-ins included, while nobody has said whose matter it
    /// is.
    package var skipsUnknownDepartment = false

    package init(
        stage: String,
        moment: Moment,
        code: String,
        tells: [Tell],
        cycles: Cycles = .all,
        repetition: Repetition? = nil,
        acknowledgedFor: Span? = nil,
        daytime: Daytime? = nil
    ) {
        self.stage = stage
        self.moment = moment
        self.code = code
        self.tells = tells
        self.cycles = cycles
        self.repetition = repetition
        self.acknowledgedFor = acknowledgedFor
        self.daytime = daytime
    }

    /// Hours of the day, in minutes after midnight by the county's clock, the end not included.
    package struct Daytime: Sendable, Hashable {
        package let from: Int
        package let until: Int

        package init(from: Int, until: Int) {
            self.from = from
            self.until = until
        }

        /// `moment`, or the next beginning of these hours if it lies outside.
        func moved(_ moment: Instant) -> Instant {
            let day = CivilDate(moment)
            let begins = day.start + .minutes(Int64(from))
            if moment < begins { return begins }
            return moment < day.start + .minutes(Int64(until)) ? moment : begins + .days(1)
        }
    }

    package struct Repetition: Sendable, Hashable {
        package let every: Span
        /// How often at most, the first saying not counted, until the next acknowledgement.
        package let times: Int

        package init(every: Span, times: Int) {
            self.every = every
            self.times = times
        }
    }

    /// Whether an acknowledgement makes a difference to it.
    var asksToBeAcknowledged: Bool { repetition != nil || acknowledgedFor != nil }

    /// Whether a step belongs to the first cycle of a matter or to the ones after a re-opening.
    package enum Cycles: String, Sendable {
        case all, first, reopened

        func contains(_ cycle: Int) -> Bool { self == .all || (self == .first) == (cycle == 1) }
    }

    /// When a step comes, measured from its clock.
    package enum Moment: Sendable, Hashable {
        case opening
        case afterOpening(Span)
        /// A share of the way from opening to due, in percent.
        case share(Int)
        case beforeDue(Span)
        /// A time of day, in minutes after midnight, so many working days before the last day (0: that day).
        case workingDaysBeforeDue(Int, minute: Int)
        case due
        case afterDue(Span)
        case workingDaysAfterDue(Int, minute: Int)
        /// A day of the year in which it is due.
        case date(month: Int, day: Int, minute: Int)
        /// Each week on a day (1 is Monday) until it is done.
        case weekly(Int, minute: Int)
    }

    /// Whose telling this is: an alarm is taken back or closed later, a warning is not.
    package var isAlarm: Bool {
        switch moment {
        case .due, .afterDue, .workingDaysAfterDue: true
        default: false
        }
    }

    /// Some roles, told by one class of message.
    package struct Tell: Sendable, Hashable {
        /// Empty for a class that reaches a whole group.
        package let roles: [RoleID]
        package let messageClass: MessageClass
        package let code: String?

        package init(roles: [RoleID], messageClass: MessageClass, code: String? = nil) {
            self.roles = roles
            self.messageClass = messageClass
            self.code = code
        }
    }
}

/// Where the holders of a role are found.
package struct RoleDefinition: Sendable, Hashable {
    package enum Binding: String, Sendable {
        case enterprise, park, standing
        /// By standing, and of several holders the one of the department that acted.
        case department
    }

    package let id: RoleID
    package let name: String
    package let binding: Binding
    /// Everybody in these roles stands in where nobody holds this one.
    package let fallback: [RoleID]
    /// How high up its holders are: 0 whoever has to act, 4 the leaders of the county; nil outside of that order.
    package let level: Int?
    /// The name in both languages, for pages whose reader chooses; nil where only one is known.
    package let names: Wording?

    package init(
        id: RoleID,
        name: String,
        binding: Binding,
        fallback: [RoleID] = [],
        level: Int? = nil,
        names: Wording? = nil
    ) {
        self.names = names
        self.level = level
        self.id = id
        self.name = name
        self.binding = binding
        self.fallback = fallback
    }
}
