import Duty
import Testing

@Suite struct TraceContextTests {
    private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func `A traceparent is handed on as it came`() {
        #expect(TraceContext.traceparent(Self.trace) == Self.trace)
        #expect(TraceContext.traceparent(nil) == nil)
    }

    @Test func `Of a version to come the part that is known is handed on`() {
        let later = "cc" + Self.trace.dropFirst(2)
        #expect(TraceContext.traceparent(later) == later)
        #expect(TraceContext.traceparent(later + "-what-comes") == later)
    }

    @Test(arguments: [
        "", "x", "00", trace.uppercased(), trace + "0", trace + "-more", String(trace.dropLast()),
        "ff" + trace.dropFirst(2), "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\r\n",
        "cc" + trace.dropFirst(2) + "more",
    ])
    func `What is none is not handed on`(_ text: String) {
        #expect(TraceContext.traceparent(text) == nil)
    }
}
