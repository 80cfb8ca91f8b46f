import Duty
import Testing

/// Amounts: exact, checked, and as people write them.
@Suite struct FenTests {
    @Test(arguments: [
        (0, "0.00"), (1, "0.01"), (99, "0.99"), (100, "1.00"), (99_999, "999.99"), (100_000, "1,000.00"),
        (1_234_567, "12,345.67"), (-1_234_567, "-12,345.67"), (-5, "-0.05"),
        (Int64.min, "-92,233,720,368,547,758.08"), (Int64.max, "92,233,720,368,547,758.07"),
    ])
    func `An amount is written in yuan with two decimals`(_ fen: Int64, _ text: String) {
        #expect(Fen(fen).yuan == text)
        let sign = fen < 0 ? "-¥" : "¥"
        #expect(Fen(fen).money == sign + (fen < 0 ? String(text.dropFirst()) : text))
    }

    @Test func `Sums that do not fit stay at the limit and bring nothing down`() async {
        await #expect(processExitsWith: .success) {
            let (least, most) = (Fen(.min), Fen(.max))
            #expect(most + Fen(1) == most && least + Fen(-1) == least)
            #expect(least - Fen(1) == least && most - Fen(-1) == most)
            #expect(-least == most && -most == Fen(-.max))
            #expect(least + most == Fen(-1) && [most, most, Fen(-1)].sum == Fen(.max - 1))
        }
    }
}
