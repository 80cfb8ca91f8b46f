import Crypto

/// Each row's hash covers the one before it: SHA-256 of the previous hash, the row's place and its body.
struct HashChain {
    private(set) var sequence: Int64
    private(set) var head: [UInt8]

    static let start = [UInt8](repeating: 0, count: 32)

    init(sequence: Int64 = 0, head: [UInt8] = HashChain.start) {
        self.sequence = sequence
        self.head = head
    }

    /// Takes the next body into the chain and returns its place and hash.
    mutating func append(_ body: [UInt8]) -> (sequence: Int64, hash: [UInt8]) {
        sequence += 1
        head = HashChain.hash(previous: head, sequence: sequence, body: body)
        return (sequence, head)
    }

    static func hash(previous: [UInt8], sequence: Int64, body: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        withUnsafeBytes(of: sequence.bigEndian) { hasher.update(bufferPointer: $0) }
        hasher.update(data: body)
        return [UInt8](hasher.finalize())
    }
}
