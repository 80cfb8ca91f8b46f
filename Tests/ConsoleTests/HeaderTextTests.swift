import Testing

@testable import Console

/// Attributes in headers: the encoding of the CloudEvents HTTP binding.
@Suite struct HeaderTextTests {
    @Test(
        arguments: [
            ("bin%20one", "bin one"), ("/%E6%9D%A5%E6%BA%90", "/来源"), ("%e2%82%ac", "€"), ("plain", "plain"),
            ("", ""), ("100%", "100%"), ("%zz%4", "%zz%4"), ("%2520", "%20"), ("%41%", "A%"),
            ("\"a %22b\\\"c\\\\\"", "a \"b\"c\\"), ("\"", "\""), ("\"\"", ""),
            ("2026-11-23T14:05:00+08:00", "2026-11-23T14:05:00+08:00"), ("/来源", "/来源"),
        ]
    )
    func `A header stands for its text`(_ header: String, _ text: String) {
        #expect(HeaderText.decoded(header) == text)
    }

    @Test(arguments: ["%ff", "%E6%9D", "a%C0%80"])
    func `Bytes that are no text are none`(_ header: String) { #expect(HeaderText.decoded(header) == nil) }
}
