import Mustache

/// The board's pages as templates; every value is escaped for HTML unless it is a picture of ours.
struct BoardTemplates: Sendable {
    enum Page: String, Sendable, CaseIterable {
        case home, matters, matter, deadlines, alerts, ledger, articles, system, audit, message
    }

    private let library: MustacheLibrary

    /// - Throws: `MustacheTemplate.ParserError`, which a test would have met first.
    init() throws {
        var templates = [
            "clocks": try MustacheTemplate(string: BoardParts.clocks),
            "pager": try MustacheTemplate(string: BoardParts.pager),
            "facts": try MustacheTemplate(string: BoardParts.facts),
            "form": try MustacheTemplate(string: BoardParts.form),
        ]
        for page in Page.allCases {
            templates[page.rawValue] = try MustacheTemplate(string: BoardParts.frame(BoardParts.body(page)))
        }
        library = MustacheLibrary(templates: templates)
    }

    /// - Returns: nil never happens: every page is in the library.
    func render(_ page: Page, _ fields: [String: Any]) -> String {
        library.render(fields, withTemplate: page.rawValue) ?? ""
    }
}

/// What the pages are put together from.
enum BoardParts {
    static func frame(_ body: String) -> String {
        """
        <!doctype html>
        <html lang="{{lang}}"{{#wall}} class="wall"{{/wall}}>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="robots" content="noindex, nofollow">
        <meta name="color-scheme" content="light dark">
        <meta name="format-detection" content="telephone=no">
        <title>{{title}} · {{product}}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/board.css">
        <script src="/assets/board.js" defer></script>
        {{#live}}<noscript><meta http-equiv="refresh" content="20"></noscript>{{/live}}
        </head>
        <body data-now="{{nowISO}}"{{#live}} data-live="1"{{/live}} data-lang="{{lang}}">
        <a class="skip" href="#main">{{skip}}</a>
        <header class="top">
        <p class="brand"><a href="/">{{product}}</a> <span>{{document}}</span></p>
        {{^wall}}<nav aria-label="{{navLabel}}"><ul>
        {{#nav}}<li><a href="{{href}}"{{#current}} aria-current="page"{{/current}}>{{label}}</a></li>
        {{/nav}}</ul></nav>{{/wall}}
        <div class="who"><span class="clock"><time data-clock datetime="{{nowISO}}">{{now}}</time>\
        <span class="live" data-state hidden></span></span>
        {{^wall}}<a href="{{otherHref}}" lang="{{otherLang}}" hreflang="{{otherLang}}">{{otherName}}</a>
        {{#logout}}<form method="post" action="/logout"><input type="hidden" name="csrf" value="{{proof}}">\
        <button class="link">{{label}}</button></form>{{/logout}}{{/wall}}</div>
        </header>
        <main id="main" tabindex="-1">
        {{#banner}}<p class="banner {{tone}}" role="status">{{text}}</p>
        {{/banner}}<h1>{{heading}}</h1>
        \(body)
        </main>
        </body>
        </html>

        """
    }

    static func body(_ page: BoardTemplates.Page) -> String {
        switch page {
        case .home: home
        case .matters: matters
        case .matter: matter
        case .deadlines: deadlines
        case .alerts: alerts
        case .ledger: ledger
        case .articles: articles
        case .system: system
        case .audit: audit
        case .message: message
        }
    }

    /// A table of matters that is a list of cards on a phone.
    static let clocks = """
        {{#hasRows}}<div class="scroll"><table class="cards clocks">
        <caption class="hidden">{{caption}}</caption>
        <colgroup><col class="c-state"><col class="c-id"><col class="c-enterprise"><col><col class="c-due">\
        <col class="c-owner"><col class="c-notice"></colgroup>
        <thead><tr><th scope="col">{{heads.state}}</th><th scope="col">{{heads.matter}}</th>\
        <th scope="col">{{heads.enterprise}}</th><th scope="col">{{heads.what}}</th>\
        <th scope="col">{{heads.due}}</th><th scope="col">{{heads.owner}}</th>\
        <th scope="col">{{heads.notice}}</th></tr></thead>
        <tbody>
        {{#rows}}<tr class="{{tone}}">
        <td class="state"><span class="mark" aria-hidden="true">{{mark}}</span> <b>{{word}}</b>\
        {{#left}} <time datetime="{{dueISO}}" data-due="{{dueISO}}">{{left}}</time>{{/left}}</td>
        <td class="id"><a href="{{href}}">{{number}}</a> <small>{{type}}</small></td>
        <td class="enterprise">{{enterprise}}</td>
        <td class="what">{{what}}</td>
        <td data-head="{{heads.due}}">{{due}}{{#provisional}} <em>{{.}}</em>{{/provisional}}</td>
        <td data-head="{{heads.owner}}"><b>{{owner}}</b></td>
        <td class="notice">{{#notice}}<span class="{{tone}}"><span class="mark" aria-hidden="true">\
        {{mark}}</span> {{word}}</span> <b>{{stage}}</b> <small>→ {{who}} <span class="at">{{at}}</span></small>{{/notice}}</td>
        </tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{^hasRows}}<p class="empty">{{empty}}</p>{{/hasRows}}
        """

    static let pager = """
        {{#next}}<p class="pager"><a rel="next" href="{{href}}">{{label}}</a></p>{{/next}}
        """

    static let facts = """
        <dl class="rows">{{#items}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
        {{/items}}</dl>
        """

    /// Something to do, with the question why.
    static let form = """
        <details class="act"><summary>{{title}}</summary>
        <form method="post" action="{{action}}"><input type="hidden" name="csrf" value="{{proof}}">\
        {{#hidden}}<input type="hidden" name="{{name}}" value="{{value}}">{{/hidden}}
        {{#selects}}<label><span>{{label}}</span><select name="{{name}}">{{#options}}\
        <option value="{{value}}">{{label}}</option>{{/options}}</select></label>
        {{/selects}}<label><span>{{reason}}</span><textarea name="reason" required maxlength="200" rows="2"></textarea></label>
        <p><button>{{button}}</button></p></form></details>
        """

    private static let message = """
        <p>{{text}}</p><p class="pager"><a href="{{backHref}}">{{back}}</a></p>
        """

    private static let home = """
        <ul class="tiles">
        {{#tiles}}<li class="{{tone}}"><a href="{{href}}"><b>{{value}}</b> <span>{{label}}</span></a></li>
        {{/tiles}}</ul>
        <section aria-labelledby="burning"><h2 id="burning">{{overdue.title}} <small>{{overdue.count}}</small></h2>
        {{#overdue}}{{> clocks}}{{> pager}}{{/overdue}}</section>
        <section aria-labelledby="running"><h2 id="running">{{running.title}} <small>{{running.count}}</small></h2>
        {{#running}}{{> clocks}}{{> pager}}{{/running}}</section>
        <section aria-labelledby="rates"><h2 id="rates">{{ratesTitle}}</h2>
        <p class="hint">{{ratesHint}}</p>
        <ul class="rates">
        {{#rates}}<li class="{{tone}}"><h3>{{title}}</h3><p class="value"><b>{{value}}</b>\
        {{#fraction}} <span>{{.}}</span>{{/fraction}}</p>
        {{{chart}}}
        {{#month}}<p class="month">{{monthLabel}} {{month}}{{#monthFraction}} ({{.}}){{/monthFraction}}\
        {{#small}} · {{.}}{{/small}}</p>{{/month}}{{#lateIngest}}<p class="month">{{.}}</p>{{/lateIngest}}</li>
        {{/rates}}</ul></section>
        {{#ages}}<section class="ages" aria-labelledby="ages"><h2 id="ages">{{title}}</h2>
        <ul class="load">{{#bands}}<li><span>{{name}}</span> \
        <meter min="0" max="{{most}}" value="{{open}}" aria-label="{{name}}">{{open}}</meter> <b>{{open}}</b></li>
        {{/bands}}</ul></section>{{/ages}}
        {{#load}}<section class="staff" aria-labelledby="load"><h2 id="load">{{title}}</h2>
        {{#hasPeople}}<ul class="load">{{#people}}<li><span>{{name}}</span> \
        <meter min="0" max="{{most}}" value="{{open}}" aria-label="{{name}}">{{open}}</meter> <b>{{open}}</b></li>
        {{/people}}</ul>{{/hasPeople}}
        {{^hasPeople}}<p class="empty">{{empty}}</p>{{/hasPeople}}</section>{{/load}}
        """

    private static let matters = """
        <form method="get" action="/matters" class="search" role="search">
        <label><span>{{form.number.label}}</span><input name="q" value="{{form.number.value}}" maxlength="64"></label>
        <label><span>{{form.enterprise.label}}</span>\
        <input name="enterprise" value="{{form.enterprise.value}}" maxlength="64"></label>
        <label><span>{{form.person.label}}</span><input name="person" value="{{form.person.value}}" maxlength="64"></label>
        <label><span>{{form.type.label}}</span><select name="type">{{#form.type.options}}\
        <option value="{{value}}"{{#selected}} selected{{/selected}}>{{label}}</option>{{/form.type.options}}</select></label>
        <label><span>{{form.article.label}}</span><select name="article">{{#form.article.options}}\
        <option value="{{value}}"{{#selected}} selected{{/selected}}>{{label}}</option>{{/form.article.options}}</select></label>
        <label><span>{{form.state.label}}</span><select name="state">{{#form.state.options}}\
        <option value="{{value}}"{{#selected}} selected{{/selected}}>{{label}}</option>{{/form.state.options}}</select></label>
        <button>{{form.button}}</button>
        </form>
        {{#problem}}<p class="banner late" role="alert">{{.}}</p>{{/problem}}
        {{#list}}{{> clocks}}{{> pager}}{{/list}}
        """

    private static let matter = """
        {{#headline}}<div class="headline {{tone}}"><p class="state"><span class="mark" aria-hidden="true">{{mark}}</span> \
        <b>{{word}}</b>{{#left}} <time datetime="{{dueISO}}" data-due="{{dueISO}}">{{left}}</time>{{/left}}\
        {{#what}} <span class="what">{{.}}</span>{{/what}}</p>
        {{#items}}<p><small>{{label}}</small> {{#arrival}}<span class="{{tone}}"><span class="mark" aria-hidden="true">{{mark}}</span> \
        {{word}}</span> {{/arrival}}{{text}} <span class="at">{{at}}</span></p>
        {{/items}}</div>{{/headline}}
        {{#summary}}{{> facts}}{{/summary}}
        {{#restricted}}<p class="banner soon">{{.}}</p>{{/restricted}}
        {{#hasForms}}<div class="actions">{{#forms}}{{> form}}{{/forms}}</div>{{/hasForms}}
        {{#clocks}}<section aria-labelledby="clocks"><h2 id="clocks">{{title}}</h2>
        <div class="scroll"><table class="cards"><caption class="hidden">{{title}}</caption><thead><tr>{{#heads}}\
        <th scope="col">{{.}}</th>{{/heads}}</tr></thead><tbody>
        {{#rows}}<tr class="{{tone}}"><td class="state"><span class="mark" aria-hidden="true">{{mark}}</span> <b>{{word}}</b>\
        {{#left}} <time datetime="{{dueISO}}" data-due="{{dueISO}}">{{left}}</time>{{/left}}</td>
        <td class="id">{{what}} <small>{{rule}}</small></td><td data-head="{{headArticle}}">{{article}}</td>\
        <td data-head="{{headOpened}}">{{opened}}</td>\
        <td data-head="{{headDue}}">{{due}}{{#provisional}} <em>{{.}}</em>{{/provisional}}</td>\
        <td data-head="{{headDone}}">{{done}}</td><td data-head="{{headBasis}}">{{basis}}</td></tr>
        {{/rows}}</tbody></table></div></section>{{/clocks}}
        {{#picture}}<section aria-labelledby="line"><h2 id="line">{{title}}</h2>
        <div class="scroll" tabindex="0" role="group" aria-labelledby="line">{{{svg}}}</div></section>{{/picture}}
        {{#timeline}}<section aria-labelledby="timeline"><h2 id="timeline">{{title}}</h2><ol class="timeline">
        {{#items}}<li class="{{tone}}"><time datetime="{{iso}}">{{at}}</time> \
        <span class="mark" aria-hidden="true">{{mark}}</span> <span><b>{{what}}</b> {{text}}</span></li>
        {{/items}}</ol></section>{{/timeline}}
        {{#told}}<section aria-labelledby="told"><h2 id="told">{{title}}</h2><ul class="record">
        {{#items}}<li class="{{tone}}"><span class="mark" aria-hidden="true">{{mark}}</span>\
        <span><b>{{who}}</b> {{text}}{{#why}} <small>{{.}}</small>{{/why}}{{#forms}}{{> form}}{{/forms}}</span></li>
        {{/items}}</ul>{{^items}}<p class="empty">{{empty}}</p>{{/items}}</section>{{/told}}
        {{#untold}}<section aria-labelledby="untold"><h2 id="untold">{{title}}</h2><ul class="record">
        {{#items}}<li class="{{tone}}"><span class="mark" aria-hidden="true">{{mark}}</span>\
        <span><b>{{who}}</b> {{text}} <small>{{why}}</small></span></li>
        {{/items}}</ul></section>{{/untold}}
        """

    private static let deadlines = """
        <section aria-labelledby="month"><h2 id="month">{{month.title}}</h2>
        <p class="pager"><a rel="prev" href="{{month.previous}}">{{month.previousLabel}}</a>
        <a rel="next" href="{{month.next}}">{{month.nextLabel}}</a></p>
        {{#month.open}}<p class="hint">{{.}}</p>{{/month.open}}
        <div class="scroll"><table class="month"><caption class="hidden">{{month.title}}</caption>
        <thead><tr>{{#month.heads}}<th scope="col">{{.}}</th>{{/month.heads}}</tr></thead><tbody>
        {{#month.weeks}}<tr>{{#days}}<td class="{{kind}}">{{#date}}<a href="{{href}}"{{#today}} aria-current="date"{{/today}}>\
        <span class="date">{{date}}</span>{{#word}} <small>{{.}}</small>{{/word}}\
        {{#count}} <b>{{.}}</b>{{/count}}</a>{{/date}}</td>{{/days}}</tr>
        {{/month.weeks}}</tbody></table></div></section>
        <section aria-labelledby="list"><h2 id="list">{{listTitle}}</h2>
        {{#list}}{{> clocks}}{{> pager}}{{/list}}</section>
        """

    private static let alerts = """
        <p class="tabs">{{#tabs}}<a href="{{href}}"{{#current}} aria-current="page"{{/current}}>{{label}}</a> {{/tabs}}</p>
        {{#hasRows}}<div class="scroll"><table class="cards"><caption class="hidden">{{heading}}</caption><thead><tr>{{#heads}}\
        <th scope="col">{{.}}</th>{{/heads}}</tr></thead><tbody>
        {{#rows}}<tr class="{{tone}}"><td class="state"><span class="mark" aria-hidden="true">{{mark}}</span> <b>{{word}}</b></td>
        <td class="id"><a href="{{href}}">{{number}}</a> <small>{{code}}</small></td>
        <td data-head="{{headWhat}}">{{what}} <small>{{stage}}</small></td>
        <td data-head="{{headWho}}">{{who}} <small>{{role}}</small></td>
        <td data-head="{{headAt}}">{{at}}</td>
        <td data-head="{{headTries}}">{{#tries}}<span class="try">{{.}}</span> {{/tries}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{^hasRows}}<p class="empty">{{empty}}</p>{{/hasRows}}
        {{> pager}}
        """

    private static let ledger = """
        <p class="hint">{{hint}}</p>
        {{#totals}}{{> facts}}{{/totals}}
        {{#fines}}<section><h2>{{title}}</h2>
        <div class="scroll"><table class="cards"><caption class="hidden">{{title}}</caption><thead><tr>{{#heads}}\
        <th scope="col">{{.}}</th>{{/heads}}</tr></thead><tbody>
        {{#rows}}<tr><td class="id">{{who}} <small>{{role}}</small></td><td class="money" data-head="{{headShare}}">{{share}}</td>\
        <td class="money" data-head="{{headPaid}}">{{paid}}</td><td class="money" data-head="{{headOpen}}">{{open}}</td></tr>
        {{/rows}}</tbody></table></div></section>{{/fines}}
        {{^fines}}<p class="empty">{{empty}}</p>{{/fines}}
        """

    private static let articles = """
        <p class="hint">{{hint}}</p>
        <ol class="articles">
        {{#articles}}<li id="article-{{number}}"><h2>{{title}}</h2>
        {{^hasRules}}<p class="hint">{{none}}</p>{{/hasRules}}
        {{#hasRules}}<div class="scroll"><table class="cards rules"><caption class="hidden">{{title}}</caption><thead><tr>{{#heads}}\
        <th scope="col">{{.}}</th>{{/heads}}</tr></thead><tbody>
        {{#rules}}<tr><td class="id"><a href="{{href}}">{{name}}</a> <small>{{id}}</small></td>\
        <td data-head="{{headKind}}">{{kind}}</td><td data-head="{{headBasis}}">{{basis}}</td>\
        <td class="money" data-head="{{headOpen}}">{{open}}</td><td class="money" data-head="{{headLate}}">{{late}}</td>\
        <td class="money" data-head="{{headDone}}">{{done}}</td></tr>
        {{/rules}}</tbody></table></div>{{/hasRules}}</li>
        {{/articles}}</ol>
        """

    private static let system = """
        {{#problems}}<p class="banner late" role="alert">{{.}}</p>{{/problems}}
        {{#sections}}<section><h2>{{title}}</h2>{{> facts}}</section>{{/sections}}
        {{#silences}}<section aria-labelledby="silences"><h2 id="silences">{{title}}</h2>
        {{#items}}<div class="letter"><h3>{{id}} <small>{{state}}</small></h3><p>{{text}}</p>{{#forms}}{{> form}}{{/forms}}</div>
        {{/items}}{{^items}}<p class="empty">{{empty}}</p>{{/items}}</section>{{/silences}}
        {{#letters}}<section aria-labelledby="letters"><h2 id="letters">{{title}}</h2>
        {{#items}}<div class="letter"><h3>{{number}} <small>{{reason}}</small></h3><p>{{detail}}</p>\
        <p class="hint">{{place}}</p>{{#forms}}{{> form}}{{/forms}}</div>
        {{/items}}{{^items}}<p class="empty">{{empty}}</p>{{/items}}</section>{{/letters}}
        {{> pager}}
        """

    private static let audit = """
        <p class="hint">{{hint}}</p>
        <ol class="timeline">
        {{#items}}<li class="{{tone}}"><time datetime="{{iso}}">{{at}}</time> <span class="mark">{{sequence}}</span>
        <span>{{#href}}<a href="{{href}}">{{number}}</a>{{/href}} {{#lines}}<span class="line"><b>{{what}}</b> {{text}}</span>{{/lines}}\
        </span></li>
        {{/items}}</ol>{{^items}}<p class="empty">{{empty}}</p>{{/items}}
        {{> pager}}
        """
}
