import Mustache

/// The pages around logging in; every value is escaped for HTML.
struct LoginTemplates: Sendable {
    private let login: MustacheTemplate
    private let onward: MustacheTemplate

    /// - Throws: `MustacheTemplate.ParserError`, which a test would have met first.
    init() throws {
        login = try MustacheTemplate(string: Self.frame(Self.loginBody))
        onward = try MustacheTemplate(string: Self.frame(Self.onwardBody))
    }

    /// Asks for a token, or leads to the issuer.
    func login(
        _ words: AnswerWords,
        next: String,
        complaint: String?,
        hasIssuer: Bool
    ) -> String {
        var fields: [String: Any] = [
            "lang": words.language.rawValue,
            "title": words("登录 · dutyclock", "Sign in · dutyclock"),
            "headline": words("登录", "Sign in"), "next": next,
            "label": words("访问令牌", "Access token"),
            "hint": words("由系统管理员发放,至少 20 个字符。", "From whoever runs this system; at least 20 characters."),
            "button": words("登录", "Sign in"), "otherLang": words.language.other.rawValue,
            "otherName": words("English", "中文"), "otherNext": FormText.encoded(next),
        ]
        if let complaint { fields["complaint"] = complaint }
        if hasIssuer {
            fields["issuer"] = [
                "url": "/login/oidc?next=" + FormText.encoded(next),
                "button": words("用单位统一账号登录", "Sign in with your organisation's account"),
                "or": words("或者使用访问令牌", "or with an access token"),
            ]
        }
        return login.render(fields)
    }

    /// Goes on by itself.
    ///
    /// Browsers keep the session's cookie to themselves while a visit that began on another site is being
    /// redirected; a page of ours that goes on is a visit of ours.
    func onward(_ words: AnswerWords, to path: String) -> String {
        onward.render([
            "lang": words.language.rawValue, "title": words("请稍候 · dutyclock", "One moment · dutyclock"),
            "next": path, "refresh": path, "link": words("继续", "Continue"),
        ])
    }

    private static func frame(_ body: String) -> String {
        """
        <!doctype html>
        <html lang="{{lang}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        {{#refresh}}<meta http-equiv="refresh" content="0; url={{.}}">{{/refresh}}
        <title>{{title}}</title>
        <link rel="stylesheet" href="/assets/login.css">
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }

    private static let loginBody = """
        <h1>{{headline}}</h1>
        {{#complaint}}<p class="complaint" role="alert">{{.}}</p>{{/complaint}}
        {{#issuer}}<p><a class="main" href="{{url}}">{{button}}</a></p>
        <p class="hint">{{or}}</p>{{/issuer}}
        <form method="post" action="/login">
        <input type="hidden" name="next" value="{{next}}">
        <label for="token">{{label}}</label>
        <input id="token" name="token" type="password" required autocomplete="current-password" \
        spellcheck="false" aria-describedby="hint">
        <p class="hint" id="hint">{{hint}}</p>
        <button class="main">{{button}}</button>
        </form>
        <p><a href="/login?lang={{otherLang}}&amp;next={{otherNext}}" lang="{{otherLang}}">{{otherName}}</a></p>
        """

    private static let onwardBody = """
        <p><a class="main" href="{{next}}">{{link}}</a></p>
        """

    /// Text of at least 4.5:1 against its ground in light and dark, everything to tap at least 44 px high.
    static let sheet = """
        \(AnswerStyle.palette)
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 17px/1.5 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei",
            system-ui, sans-serif;
        }
        main { max-width: 26rem; margin: 0 auto; padding: 10vh 16px 24px; }
        h1 { font-size: 28px; margin: 0 0 16px; }
        label { display: block; margin: 0 0 4px; font-weight: 600; }
        input[type="password"] {
          width: 100%; min-height: 48px; padding: 8px 12px; font: inherit; color: var(--text);
          background: var(--ground); border: 1.5px solid var(--soft); border-radius: 10px;
        }
        .main {
          display: flex; align-items: center; justify-content: center; width: 100%; min-height: 52px; font: inherit;
          font-weight: 700; text-decoration: none; cursor: pointer; border: 0; border-radius: 12px;
          background: var(--blue); color: var(--on);
        }
        .hint { color: var(--soft); font-size: 14px; margin: 6px 0 16px; }
        .complaint { color: var(--red); font-weight: 600; }
        a { color: var(--blue); }
        a:not(.main) { display: inline-flex; align-items: center; min-height: 44px; }
        :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }

        """
}
