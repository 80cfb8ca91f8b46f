import Testing

@testable import Duty

/// What a message calls a matter: a few characters of its summary, never a word cut in two without a sign.
@Suite struct MatterWordTests {
    @Test(arguments: [
        ("供电不足", "供电不足"),
        ("厂区临时用电容量不足,影响新线调试", "厂区临时用电容量不足"),
        ("一二三四五六七八九十十一十二", "一二三四五六七八九十十…"),
        ("一二三四五六七八九十百千", "一二三四五六七八九十百千"),
    ])
    func aLongSummaryIsCutAtAPauseOrWithASign(_ summary: String, _ word: String) {
        #expect(Stepper.word(summary) == word)
        #expect(word.count <= 12)
    }
}
