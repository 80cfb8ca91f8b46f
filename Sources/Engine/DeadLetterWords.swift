import Duty
import Kafka
import Storage

/// What is wrong with a dead letter, in both languages.
///
/// The store keeps the English sentence; the other is found by reading the letter again.
package enum DeadLetterWords {
    static func orphan(_ matter: MatterID) -> Wording {
        Wording("一直没有等到启动 \(matter) 的事件", "the event that opens \(matter) did not come")
    }

    static func reversed(_ matter: MatterID) -> Wording {
        Wording("\(matter) 的暂停在开始之前就结束了", "ends a pause of \(matter) before it begins")
    }

    /// `badAmount` as people call it; the word itself where this version does not know it.
    package static func title(_ letter: DeadLetter) -> Wording {
        EventRejection.Reason(rawValue: letter.reason)?.title ?? Wording(letter.reason, letter.reason)
    }

    /// The sentence of the letter; `articles` says how many the document has.
    package static func detail(_ letter: DeadLetter, articles: Int?) -> Wording {
        let candidates = [rejection(letter, articles), orphan(matter(letter)), reversed(matter(letter))]
        let found = candidates.compactMap { $0 }.first { $0.english == letter.detail }
        // Of an older version, or of a document that has other articles now.
        return found ?? Wording(letter.detail, letter.detail)
    }

    private static func rejection(_ letter: DeadLetter, _ articles: Int?) -> Wording? {
        let record = KafkaRecord(
            topic: letter.topic,
            partition: letter.partition,
            offset: letter.offset,
            timestampMillis: nil,
            key: letter.key,
            value: letter.value,
            headers: letter.headers.map { KafkaHeader(name: $0.name, value: $0.value) }
        )
        do throws(EventRejection) {
            let event = try RecordDecoder.event(record)
            _ = try EventValidation.fact(event, receivedAt: letter.at, articles: articles)
            return nil
        } catch {
            return error.wording
        }
    }

    private static func matter(_ letter: DeadLetter) -> MatterID {
        let value = letter.value.flatMap { try? JSONReader.decode($0) }
        return MatterID(value?["subject"]?.string ?? "")
    }
}
