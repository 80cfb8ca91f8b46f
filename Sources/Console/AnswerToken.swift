import Duty

/// What a link says: who may answer, about which notification, until when.
///
/// The notification's key names its matter, so that the three are bound together by one signature.
package struct AnswerToken: Hashable, Sendable {
    package let person: PersonRef
    /// The key of the notification.
    package let notification: String
    /// To the second.
    package let expires: Instant

    package init(person: PersonRef, notification: String, expires: Instant) {
        self.person = person
        self.notification = notification
        self.expires = Instant(seconds: expires.seconds)
    }

    /// The second part of `rule|matter|cycle|stage|recipient`; nil where the key has another form.
    package var matter: MatterID? {
        let parts = notification.split(separator: "|", omittingEmptySubsequences: false)
        return parts.count >= 5 ? MatterID(String(parts[1])) : nil
    }

    // MARK: Bytes

    /// Seconds since 1970 in four bytes, the length of the person's reference in one, the reference, the key;
    /// nil for what does not fit in there.
    var bytes: [UInt8]? {
        let person = Array(person.text.utf8)
        guard let seconds = UInt32(exactly: expires.seconds), let length = UInt8(exactly: person.count) else {
            return nil
        }
        let time = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: seconds >> $0) }
        return time + [length] + person + Array(notification.utf8)
    }

    init?(bytes: ArraySlice<UInt8>) {
        guard let length = bytes.dropFirst(4).first, bytes.count > 5 + Int(length) else { return nil }
        let seconds = bytes.prefix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let rest = bytes.dropFirst(5)
        guard let person = String(validating: rest.prefix(Int(length)), as: UTF8.self), !person.isEmpty,
            let notification = String(validating: rest.dropFirst(Int(length)), as: UTF8.self)
        else { return nil }
        self.init(
            person: PersonRef(person),
            notification: notification,
            expires: Instant(seconds: seconds)
        )
    }
}

/// Why a link was refused; the words are values of `link_rejected_total{reason}`.
package enum LinkRejection: String, Error, Hashable, Sendable, CaseIterable {
    /// No token at all: letters are missing or wrong.
    case malformed
    /// Not signed by this installation, or changed since: another person's name in it, for instance.
    case forged
    /// Signed here, for something else.
    case wrongPurpose
    case expired
    /// The notification is not on record, or is another person's.
    case unknownNotification
    /// Its person is no longer in the directory.
    case personGone
    /// A form that this page did not make, or that came from another site.
    case crossSite
    /// More calls than a person makes.
    case tooMany
}
