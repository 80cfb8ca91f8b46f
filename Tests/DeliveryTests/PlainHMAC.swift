/// HMAC-SHA256 written out by FIPS 180-4 and RFC 2104, to check signatures without the library that made them.
enum PlainHMAC {
    static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? sha256(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        return sha256(block.map { $0 ^ 0x5C } + sha256(block.map { $0 ^ 0x36 } + message))
    }

    static func sha256(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: UInt64(message.count * 8) >> UInt64(shift)))
        }
        var hash = roots(8) { $0.squareRoot() }
        let constants = roots(64) { cubeRoot($0) }
        for start in stride(from: 0, to: padded.count, by: 64) {
            compress(Array(padded[start..<start + 64]), constants, &hash)
        }
        return hash.flatMap { word in
            stride(from: 24, through: 0, by: -8).map { UInt8(word >> UInt32($0) & 255) }
        }
    }

    private static func compress(_ block: [UInt8], _ constants: [UInt32], _ hash: inout [UInt32]) {
        var words = (0..<16).map { index in
            block[4 * index..<4 * index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (old, new) = (words[index - 15], words[index - 2])
            let low = turn(old, 7) ^ turn(old, 18) ^ old >> 3
            let high = turn(new, 17) ^ turn(new, 19) ^ new >> 10
            words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
        }
        var v = hash
        for index in 0..<64 {
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            let high = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)
            let low = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)
            let first = v[7] &+ high &+ choice &+ constants[index] &+ words[index]
            v = [first &+ low &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        for index in 0..<8 { hash[index] = hash[index] &+ v[index] }
    }

    private static func turn(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// The first 32 bits of the fractions of roots of the first primes.
    private static func roots(_ count: Int, _ root: (Double) -> Double) -> [UInt32] {
        let primes = (2..<400).filter { number in (2..<number).allSatisfy { number % $0 != 0 } }
        return primes.prefix(count).map { prime in
            let value = root(Double(prime))
            return UInt32((value - value.rounded(.down)) * 4_294_967_296)
        }
    }

    private static func cubeRoot(_ number: Double) -> Double {
        var guess = number / 3 + 1
        for _ in 0..<60 { guess = (2 * guess + number / (guess * guess)) / 3 }
        return guess
    }
}
