import Synchronization

/// The rules as they are now, for those who only quote them.
///
/// The engine has its own and changes them between two batches: after a reload, and when a calendar is published.
package final class RulesInForce: Sendable {
    private let current: Mutex<RuleBook>

    package init(_ book: RuleBook) { current = Mutex(book) }

    package var book: RuleBook { current.withLock { $0 } }

    package func replace(_ book: RuleBook) { current.withLock { $0 = book } }
}
