import Duty

/// Regular expressions (ECMA 262, as JSON Schema wants them) for texts that the daemon reads into something.
///
/// They say all that its own readers check, so that nothing depends on whether a validator asserts `format`.
enum TextPattern {
    static let date = "^" + day + "$"
    static let instant = "^" + day + moment + "$"
    static let dateOrInstant = "^" + day + "(?:" + moment + ")?$"

    /// `A07` or `A08.designated`.
    static let article = #"^A(?:0[1-9]|[1-9][0-9])(?:\.[A-Za-z0-9]+)*$"#

    /// Names joined by dots.
    static let path = #"^[^.]*(?:\.[^.]*){0,"# + String(FieldKind.deepestPath - 1) + "}$"

    /// A day that exists, from the year 1 on: 29 February in leap years alone.
    private static let day =
        "(?:(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
        + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)"

    private static let moment =
        #"[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"#
        + "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
}
