import HTTPTypes
import Hummingbird
import NIOCore

/// A problem as whoever asks can read it: programs get the code and the detail, a browser on a page gets a page.
enum ProblemPage {
    /// With `headers`: what stands beside it either way, such as a challenge.
    static func answer(
        _ request: Request,
        _ language: AnswerWords.Language,
        _ status: HTTPResponse.Status,
        _ code: String,
        _ detail: String,
        headers: HTTPFields = [:]
    ) -> Response {
        var response =
            isForPeople(request)
            ? page(request, AnswerWords(language: language), status, code, detail)
            : ConsoleServer.problem(status, code, detail)
        for field in headers { response.headers[field.name] = field.value }
        return response
    }

    /// The paths of the interface are for programs, whatever they say that they take.
    private static func isForPeople(_ request: Request) -> Bool {
        request.headers[.accept]?.contains("text/html") == true && !request.uri.path.hasPrefix("/api/")
    }

    private static func page(
        _ request: Request,
        _ words: AnswerWords,
        _ status: HTTPResponse.Status,
        _ code: String,
        _ detail: String
    ) -> Response {
        let board = (path: "/", label: words("回到看板", "To the board"))
        switch code {
        case "unauthorized":
            return html(
                status,
                words,
                words("请重新登录", "Please sign in again"),
                words(
                    "登录已失效,刚才的操作没有执行。请登录后再做一次。",
                    "You are not signed in any more, and what you asked for was not done. Sign in and do it again."
                ),
                ("/login?next=" + FormText.encoded(whence(request)), words("登录", "Sign in"))
            )
        case "crossSite":
            return html(
                status,
                words,
                words("页面已过期", "The page is out of date"),
                words(
                    "这个页面属于已结束的登录,或不是本系统的页面;刚才的操作没有执行。请重新打开页面再做一次。",
                    """
                    The page is of a session that has ended, or none of ours, and what you asked for was not done. Open \
                    the page again and repeat it.
                    """
                ),
                (whence(request), words("重新打开", "Open it again"))
            )
        case "forbidden":
            return html(
                status,
                words,
                words("没有权限", "Not for this account"),
                words(
                    "您的账号不能查看这个页面,也不能进行这项操作。如需使用,请联系系统管理员。",
                    "Your account may not see this page or do this. Ask whoever runs the system if you need it."
                ),
                board
            )
        default:
            return html(
                status,
                words,
                words("未执行", "Not done"),
                words(ProblemWords.chinese(code) ?? detail, detail),
                board
            )
        }
    }

    /// The page that a form was sent from, as a path of this server.
    private static func whence(_ request: Request) -> String {
        guard !request.method.isSafe else { return LoginRoutes.path(request.uri.string) }
        let address = request.headers.text("referer") ?? ""
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? LoginRoutes.path("/" + parts[3]) : "/"
    }

    /// A page without anything of the request in it but a way on.
    static func html(
        _ status: HTTPResponse.Status,
        _ words: AnswerWords,
        _ heading: String,
        _ text: String?,
        _ onward: (path: String, label: String)
    ) -> Response {
        let text = """
            <!doctype html>
            <html lang="\(words.language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(heading) · dutyclock</title>
            <link rel="stylesheet" href="/assets/board.css">
            </head>
            <body>
            <main>
            <h1>\(heading)</h1>
            \(text.map { "<p>" + DayChart.escaped($0) + "</p>\n" } ?? "")\
            <p><a href="\(DayChart.escaped(onward.path))">\(onward.label)</a></p>
            </main>
            </body>
            </html>

            """
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
