import Testing

@testable import Duty

/// What a message calls a matter: a few characters of its summary, never a word cut in two without a sign.
@Suite struct MatterWordTests {
    @Test(arguments: [
        ("供电不足", "供电不足"),
        ("厂区临时用电容量不足,影响新线调试", "厂区临时用电容量不足"),
        ("一二三四五六七八九十十一十二", "一二三四五六七八九十十…"),
        ("一二三四五六七八九十百千", "一二三四五六七八九十百千"),
        ("电话13800138000请尽快联系", "电话…"),
        ("证110101199003074514停电", "证…"),
        ("卡6222021001116245702已扣款", "卡…"),
        ("邮箱zhangsan@qq.com请联系", "邮箱…"),
        ("请回电12345反映停电多日未修", "请回电12345反映停…"),
        ("Power supply is too small", "Power…"),
        // A whole number is masked where messages leave.
        ("13800138000请尽快联系", "13800138000…"),
        ("电话１３８００１３８０００请尽快联系", "电话…"),
    ])
    func aLongSummaryIsCutAtAPauseOrWithASign(_ summary: String, _ word: String) {
        #expect(Stepper.word(summary) == word)
        #expect(word.count <= 12)
    }
}
