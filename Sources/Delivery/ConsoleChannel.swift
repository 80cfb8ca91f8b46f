import Duty
import DutyConfig

/// Writes each notification as one readable line: for a first look, and for a machine without a provider.
package struct ConsoleChannel: Channel {
    package static let type = ChannelType(
        ChannelSchema(
            "console",
            needsAddress: false,
            hasEndpoint: false,
            limits: ChannelLimits(grouping: .never, keepsClear: false)
        )
    ) { configuration, tools in
        ConsoleChannel(
            name: configuration.name,
            colour: tools.colour,
            nameOf: tools.nameOf,
            now: tools.now,
            sink: tools.sink
        )
    }

    package let name: String
    package let needsAddress = false
    private let colour: Bool
    private let nameOf: @Sendable (PersonRef) -> String
    private let now: @Sendable () -> Instant
    private let sink: @Sendable (String) -> Void

    /// A channel that hands one line at a time, without a line break, to `sink`.
    ///
    /// With `colour` the badge is coloured by ANSI sequences; `nameOf` says how a person is called here.
    package init(
        name: String,
        colour: Bool,
        nameOf: @escaping @Sendable (PersonRef) -> String = { $0.text },
        now: @escaping @Sendable () -> Instant,
        sink: @escaping @Sendable (String) -> Void
    ) {
        self.name = name
        self.colour = colour
        self.nameOf = nameOf
        self.now = now
        self.sink = sink
    }

    package func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        sink(line(message))
        return .sent(reference: nil)
    }

    func line(_ message: OutgoingMessage) -> String {
        let notification = message.notification
        let person = notification.recipient.person
        var parts = [now().local, badge(notification), "[\(notification.code)]"]
        if let stage = message.fields["stageWord"], !stage.isEmpty {
            parts.append(ConsoleChannel.printable(stage))
        }
        parts.append(ConsoleChannel.printable(message.text.isEmpty ? message.title : message.text))
        parts.append("→ \(ConsoleChannel.printable(nameOf(person))) (\(notification.recipient.role))")
        if let due = notification.dueAt { parts.append("⏱ \(due.local)") }
        parts.append("№ \(ConsoleChannel.printable(notification.matter.number))")
        if let link = message.link { parts.append("↗ \(ConsoleChannel.printable(link))") }
        return parts.joined(separator: "  ")
    }

    private func badge(_ notification: Notification) -> String {
        // Shape and colour both say how bad it is, so that neither is needed alone.
        let word = notification.urgency <= 0 ? "▲" : notification.urgency == 1 ? "●" : "○"
        guard colour else { return word }
        let code =
            switch notification.urgency {
            case ...0: "41;97"
            case 1: "43;30"
            case 2: "46;30"
            default: "100;97"
            }
        return "\u{1B}[\(code)m \(word) \u{1B}[0m"
    }

    /// Line breaks become spaces and other control characters vanish, so that a text cannot steer the terminal.
    private static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\r" || scalar == "\t" {
                result.append(" ")
            } else if scalar.properties.generalCategory != .control {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
