import Mustache

/// The pages as templates; every value is escaped for HTML.
struct AnswerTemplates: Sendable {
    private let page: MustacheTemplate
    private let refusal: MustacheTemplate

    /// - Throws: `MustacheTemplate.ParserError`, which a test would have met first.
    init() throws {
        page = try MustacheTemplate(string: Self.frame(Self.body))
        refusal = try MustacheTemplate(string: Self.frame(Self.refusalBody))
    }

    func page(_ fields: [String: Any]) -> String { page.render(fields) }

    func refusal(_ fields: [String: Any]) -> String { refusal.render(fields) }

    /// The style sheet is named relative to the page, so that a path before `/a/` does no harm.
    private static func frame(_ body: String) -> String {
        """
        <!doctype html>
        <html lang="{{lang}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="robots" content="noindex, nofollow">
        <meta name="color-scheme" content="light dark">
        <meta name="format-detection" content="telephone=no">
        {{#refresh}}<meta http-equiv="refresh" content="{{seconds}}; url={{url}}">{{/refresh}}
        <title>{{title}}</title>
        <link rel="stylesheet" href="../answer.css">
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }

    private static let body = """
        <header class="card head {{tone}}">
        <p class="badge">{{badge}}</p>
        <h1>{{headline}}</h1>
        {{#enterprise}}<p class="who">{{.}}</p>{{/enterprise}}
        {{#matter}}<p class="what">{{.}}</p>{{/matter}}
        </header>
        {{#notices}}<p class="notice {{tone}}" role="status">{{text}}</p>
        {{/notices}}
        {{#respond}}<form method="post" action="{{action}}" class="card">
        <input type="hidden" name="proof" value="{{proof}}">
        <input type="hidden" name="do" value="respond">
        <fieldset>
        <legend>{{legend}}</legend>
        {{#modes}}<label class="choice"><input type="radio" name="mode" value="{{value}}" required>\
        <span>{{label}}</span></label>
        {{/modes}}
        </fieldset>
        <button class="main">{{button}}</button>
        <p class="hint">{{hint}}</p>
        </form>{{/respond}}
        {{#acknowledge}}<form method="post" action="{{action}}" class="card">
        <input type="hidden" name="proof" value="{{proof}}">
        <input type="hidden" name="do" value="acknowledge">
        <button class="{{tone}}">{{button}}</button>
        <p class="hint">{{hint}}</p>
        </form>{{/acknowledge}}
        <dl class="card rows">
        {{#rows}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
        {{/rows}}
        </dl>
        {{#hasRecords}}<section class="card">
        <h2>{{recordTitle}}</h2>
        <ul class="record">
        {{#records}}<li class="{{tone}}"><span class="mark" aria-hidden="true">{{mark}}</span>\
        <span><b>{{label}}</b> {{text}}</span></li>
        {{/records}}
        </ul>
        </section>{{/hasRecords}}
        {{#propose}}<details class="card"{{#open}} open{{/open}}>
        <summary>{{legend}}</summary>
        <form method="post" action="{{action}}">
        <input type="hidden" name="proof" value="{{proof}}">
        <input type="hidden" name="do" value="propose">
        {{#inputs}}<label class="field"><span>{{label}}</span>
        <input type="{{type}}" name="{{name}}" value="{{value}}" maxlength="64"{{#required}} required{{/required}}></label>
        {{/inputs}}
        <button class="main">{{button}}</button>
        <p class="hint">{{hint}}</p>
        </form>
        </details>{{/propose}}
        <footer><p>{{footer}}</p><p><a href="?lang={{otherLang}}" lang="{{otherLang}}">{{otherName}}</a></p></footer>
        """

    private static let refusalBody = """
        <header class="card head muted">
        <h1>{{chinese}}</h1>
        <p class="who">{{chineseHint}}</p>
        </header>
        <section class="card" lang="en">
        <h2>{{english}}</h2>
        <p class="hint">{{englishHint}}</p>
        </section>
        """
}
