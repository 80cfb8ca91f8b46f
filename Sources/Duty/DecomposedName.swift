/// Names that look the same are the same: an id is taken in one form only.
///
/// To Swift a character with its accents is the same however it was written, to the store its bytes count. One id in
/// two forms would be one matter here and two there, so that a form that is not composed is refused where events come
/// in; what is said to people may be written in any form.
extension Value {
    /// Where below a value an id is not composed, such as `.by.personRef`; nil where none is.
    var pathOfDecomposedName: String? {
        path { field, text in !text.isASCII && Self.isName(field) && text.isDecomposed }
    }

    /// Whether a field names something: a matter, an enterprise, a person, an office, a role.
    private static func isName(_ field: String) -> Bool {
        ["Id", "Ref", "Unit", "Dept", "Code"].contains { field.hasSuffix($0) }
            || ["matter", "role", "toRole", "mergedInto"].contains(field)
    }
}

extension String {
    /// Whether it has anything that the composed form (Unicode Standard Annex 15, NFC) may write in another way:
    /// combining marks, parts of Korean syllables, and characters that stand for others.
    ///
    /// Of texts without these no two different ones are canonically equivalent.
    var isDecomposed: Bool {
        !isASCII && unicodeScalars.contains(where: Self.isPart)
    }

    fileprivate var isASCII: Bool {
        utf8.withContiguousStorageIfAvailable { $0.allSatisfy { $0 < 0x80 } } ?? false
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        // Everything below is Latin, without marks.
        guard scalar.value >= 0x300 else { return false }
        if (0x1160...0x11FF).contains(scalar.value) || scalar.properties.isFullCompositionExclusion {
            return true
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
