import Hummingbird

/// A form was sent that did not come from a page of ours, or is none; as a response it is a 403 or a 400.
struct CrossSite: HTTPResponseError {
    static let detail =
        "the form did not come from a page of this server, or its session has ended; load the page again"

    let status: HTTPResponse.Status = .forbidden

    func response(from request: Request, context: some RequestContext) -> Response {
        ProblemPage.answer(
            request,
            (context as? ConsoleContext)?.language ?? .chinese,
            status,
            "crossSite",
            Self.detail
        )
    }
}

/// The body is no form, or too long for one.
struct NoForm: HTTPResponseError {
    let status: HTTPResponse.Status = .badRequest

    func response(from request: Request, context: some RequestContext) -> Response {
        ProblemPage.answer(
            request,
            (context as? ConsoleContext)?.language ?? .chinese,
            status,
            "noForm",
            "the body is no form of at most \(CheckedForm.largest) bytes"
        )
    }
}

/// Reads the forms of our pages; each has a hidden field with the proof of the caller's session.
enum CheckedForm {
    static let largest = 1 << 16
    /// The name of the hidden field; scripts send the same in the header `x-csrf-token`.
    static let field = "csrf"

    /// The fields of a form that this very session was shown.
    ///
    /// - Throws: `CrossSite` without the session's proof, `NoForm` for another body; both know their response.
    static func read(_ request: Request, _ context: ConsoleContext) async throws -> FormBody {
        guard let body = try? await request.body.collect(upTo: largest),
            let form = FormBody(body.readableBytesView)
        else { throw NoForm() }
        guard isProven(request, form, context) else { throw CrossSite() }
        return form
    }

    /// Whether the proof of the caller's session is in a header or in the form.
    ///
    /// Only programs have none to show, and they had to show a token instead.
    static func isProven(_ request: Request, _ form: FormBody?, _ context: ConsoleContext) -> Bool {
        guard let principal = context.principal else { return false }
        guard let proof = principal.formProof else { return true }
        let shown = request.headers.text("x-csrf-token") ?? form?[field] ?? ""
        return LinkSigner.areEqual(Array(shown.utf8), Array(proof.utf8))
    }
}

/// Text inside of addresses and forms.
enum FormText {
    /// Everything but the unreserved characters as `%41`.
    static func encoded(_ text: some StringProtocol) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), hex(byte >> 4), hex(byte & 15)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hex(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
