import Testing

@testable import Duty

@Suite("sets of kinds of events")
struct EventKindsTests {
    @Test("a kind's ordinal is its place among the cases, and fits a bit")
    func ordinalsAreTheOrder() {
        #expect(EventKind.allCases.map(\.ordinal) == Array(0..<EventKind.allCases.count))
        #expect(EventKind.allCases.count < UInt64.bitWidth)
    }

    @Test("a set holds what was put in and nothing else", arguments: EventKind.allCases)
    func aSetHoldsItsKinds(kind: EventKind) {
        let set = EventKinds([kind])
        #expect(EventKind.allCases.filter(set.contains) == [kind])
        #expect(EventKind.allCases.allSatisfy { set.intersects(EventKinds([$0])) == ($0 == kind) })
        #expect(EventKinds.all.intersects(set) && !EventKinds().intersects(set))
    }

    @Test("a matter's type is what stands before the first slash", arguments: MatterType.allCases)
    func typesAreRead(type: MatterType) {
        #expect(MatterID(type: type, number: "CP-1/2").type == type)
        #expect(MatterID(type.rawValue).type == type)
        #expect(MatterID(type.rawValue + "s/1").type == nil)
        #expect(MatterID(String(type.rawValue.dropLast()) + "/1").type == nil)
    }
}
