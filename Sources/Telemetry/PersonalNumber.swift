/// Recognises numbers that belong to a person, by form and check digit.
enum PersonalNumber {
    typealias Digits = ArraySlice<UInt8>

    /// How many digits of country code come before a mainland mobile number, or nil if it is none.
    static func mobilePrefix(_ digits: Digits) -> Int? {
        for prefix in ["", "86", "0086"] {
            let length = prefix.utf8.count
            guard digits.count == length + 11, digits.starts(with: prefix.utf8) else { continue }
            let number = digits.dropFirst(length).map { $0 - UInt8(ascii: "0") }
            if number[0] == 1, number[1] >= 3 { return length }
        }
        return nil
    }

    /// An 18-character identity number with a right check character (GB 11643).
    static func isIdentityCard(_ digits: Digits, endsInX: Bool) -> Bool {
        guard digits.count == (endsInX ? 17 : 18) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let values = digits.map { Int($0 - UInt8(ascii: "0")) }
        let sum = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
        // The weights and the check character together are 1 modulo 11, X standing for 10.
        return (sum + (endsInX ? 10 : values[17])) % 11 == 1
    }

    /// A card number of 13 to 19 digits with a right Luhn digit.
    ///
    /// Only those that begin like a payment card (3 to 6), for times in milliseconds have 13 digits too.
    static func isBankCard(_ digits: Digits) -> Bool {
        guard (13...19).contains(digits.count), let first = digits.first else { return false }
        guard (UInt8(ascii: "3")...UInt8(ascii: "6")).contains(first) else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = Int(digit - UInt8(ascii: "0")) * (index % 2 == 0 ? 1 : 2)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }
}
