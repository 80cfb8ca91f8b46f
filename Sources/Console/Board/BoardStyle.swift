/// How the board looks: cards on a phone, tables on a desk, large and dark on the wall; text of at least 4.5:1
/// against its ground, everything to tap at least 44 px high on a phone.
enum BoardStyle {
    /// A clock with a tick for a hand.
    static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#0b57d0"/>\
        <path d="M8 16l6 6 10-12" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>
        """

    static let sheet = """
        \(AnswerStyle.palette)
        .wall { \(AnswerStyle.night) color-scheme: dark; }
        @media (min-width: 1200px) { .wall { font-size: 22px; } }
        * { box-sizing: border-box; }
        html { font-size: 16px; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 1rem/1.5 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei",
            system-ui, sans-serif;
          -webkit-text-size-adjust: 100%;
        }
        h1, h2, h3, p, dl, ul, ol, dd, fieldset { margin: 0; padding: 0; }
        ul, ol { list-style: none; }
        a { color: var(--blue); text-underline-offset: 2px; }
        small, .hint, .month { font-size: .8125rem; color: var(--soft); }
        .hidden {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }
        .skip { position: absolute; left: -999px; top: 0; background: var(--card); padding: 12px; z-index: 2; }
        .skip:focus { left: 8px; }
        :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
        main:focus { outline: none; }
        .top {
          display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; background: var(--card);
          border-bottom: 1px solid var(--line); padding: 6px max(16px, env(safe-area-inset-left));
        }
        .brand { font-weight: 700; }
        .brand a { text-decoration: none; color: var(--text); }
        .brand span { font-weight: 400; color: var(--soft); font-size: .8125rem; }
        nav { flex: 1 1 auto; min-width: 0; }
        nav ul { display: flex; overflow-x: auto; gap: 2px; }
        nav a {
          display: inline-flex; align-items: center; min-height: 44px; padding: 0 10px; color: var(--text);
          text-decoration: none; white-space: nowrap; border-bottom: 3px solid transparent;
        }
        nav a[aria-current], .tabs a[aria-current] { border-bottom-color: var(--blue); font-weight: 700; }
        .who { display: flex; align-items: center; gap: 12px; color: var(--soft); font-size: .875rem; }
        .who a, .tabs a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 8px; }
        .tabs a { border-bottom: 3px solid transparent; text-decoration: none; }
        .live { margin-left: 8px; }
        .live.good { color: var(--green); }
        .live.late { color: var(--red); }
        button.link {
          border: 0; background: none; color: var(--blue); font: inherit; cursor: pointer; min-height: 44px;
          text-decoration: underline; padding: 0 8px;
        }
        main { max-width: 90rem; margin: 0 auto; padding: 12px max(16px, env(safe-area-inset-left)) 40px; }
        h1 { font-size: 1.375rem; margin: 4px 0 10px; }
        h2 { font-size: 1.0625rem; margin: 22px 0 8px; }
        h3 { font-size: .9375rem; font-weight: 600; }
        section:first-of-type h2 { margin-top: 10px; }
        .banner { border-radius: 10px; padding: 10px 14px; margin: 0 0 12px; font-weight: 600; }
        .banner.late { background: var(--red-soft); color: var(--red); }
        .banner.soon { background: var(--amber-soft); color: var(--amber); }
        .banner.good { background: var(--green-soft); color: var(--green); }
        .banner.plain { background: var(--blue-soft); color: var(--blue); }
        .empty { color: var(--soft); padding: 14px; border: 1px dashed var(--line); border-radius: 10px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 8px; }
        .tiles a {
          display: block; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
          border-left: 6px solid var(--blue); padding: 8px 12px; text-decoration: none; color: var(--text);
          min-height: 44px;
        }
        .tiles b { font-size: 1.625rem; line-height: 1.2; display: block; font-variant-numeric: tabular-nums; }
        .tiles span { color: var(--soft); font-size: .875rem; }
        .tiles .late a { border-left-color: var(--red); }
        .tiles .late b { color: var(--red); }
        .tiles .soon a { border-left-color: var(--amber); }
        .tiles .soon b { color: var(--amber); }
        .tiles .good a { border-left-color: var(--green); }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); }
        th { text-align: left; font-size: .8125rem; color: var(--soft); font-weight: 600; }
        th, td { padding: 8px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
        td.state, td.id a, .at { white-space: nowrap; }
        @media (min-width: 721px) {
          table.clocks { table-layout: fixed; min-width: 66rem; }
          .c-state { width: 10rem; } .c-id { width: 10rem; } .c-enterprise { width: 11rem; }
          .c-due { width: 8.5rem; } .c-owner { width: 6rem; } .c-notice { width: 19rem; }
          table.rules { table-layout: fixed; }
          table.rules th:first-child { width: 34%; }
          table.rules th:nth-child(n + 4) { text-align: right; }
        }
        .headline {
          background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--blue);
          border-radius: 10px; padding: 8px 14px; margin: 0 0 10px; display: flex; flex-wrap: wrap; gap: 2px 28px;
          align-items: baseline;
        }
        .headline .state { font-size: 1.25rem; flex-basis: 100%; color: var(--blue); }
        .headline .what { color: var(--text); font-weight: 600; margin-left: 8px; }
        .headline.late { border-left-color: var(--red); }
        .headline.late .state { color: var(--red); }
        .headline.soon { border-left-color: var(--amber); }
        .headline.soon .state { color: var(--amber); }
        .headline.good { border-left-color: var(--green); }
        .headline.good .state { color: var(--green); }
        .headline.muted .state { color: var(--soft); }
        td.state time { display: block; font-variant-numeric: tabular-nums; }
        td.money, th.money { text-align: right; font-variant-numeric: tabular-nums; }
        td small { display: block; }
        td em { color: var(--amber); font-style: normal; font-size: .8125rem; }
        tr.late td.state, li.late > .mark, .late > .mark, span.late { color: var(--red); }
        tr.soon td.state, li.soon > .mark, span.soon { color: var(--amber); }
        tr.good td.state, li.good > .mark, span.good { color: var(--green); }
        tr.plain td.state { color: var(--blue); }
        tr.muted td.state, span.muted { color: var(--soft); }
        tr.late td:first-child { box-shadow: inset 5px 0 0 var(--red); }
        tr.soon td:first-child { box-shadow: inset 5px 0 0 var(--amber); }
        tr.plain td:first-child { box-shadow: inset 5px 0 0 var(--blue); }
        tr.good td:first-child { box-shadow: inset 5px 0 0 var(--green); }
        .rates { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 8px; }
        .rates li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; }
        .rates .value b { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
        .rates .value span { color: var(--soft); font-variant-numeric: tabular-nums; }
        .rates .late .value b { color: var(--red); }
        .rates .soon .value b { color: var(--amber); }
        .rates .good .value b { color: var(--green); }
        .days { display: block; width: 100%; height: 36px; margin: 4px 0; }
        .days .plain { fill: var(--blue); }
        .days .soon { fill: var(--amber); }
        .days .late { fill: var(--red); }
        .days .none { fill: var(--line); }
        .load li { display: grid; grid-template-columns: 9rem 1fr auto; gap: 10px; align-items: center; min-height: 32px; }
        .load b { text-align: right; min-width: 3rem; font-variant-numeric: tabular-nums; }
        meter { width: 100%; height: 14px; }
        meter::-webkit-meter-optimum-value { background: var(--blue); }
        meter::-moz-meter-bar { background: var(--blue); }
        .search { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 14px; }
        label span { display: block; font-size: .8125rem; color: var(--soft); }
        input, select, textarea {
          font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--soft);
          border-radius: 8px; min-height: 44px; padding: 6px 10px; max-width: 100%;
        }
        .search input { width: 12rem; }
        textarea { width: 100%; min-height: 72px; }
        button {
          font: inherit; font-weight: 700; min-height: 44px; padding: 6px 18px; border-radius: 8px; cursor: pointer;
          border: 1px solid var(--blue); background: var(--blue); color: var(--on);
        }
        button.quiet { background: transparent; color: var(--blue); }
        .rows { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 2px 14px; }
        .rows div { display: flex; gap: 16px; padding: 7px 0; border-top: 1px solid var(--line); }
        .rows div:first-child { border-top: 0; }
        dt { flex: 0 0 11rem; color: var(--soft); }
        dd { flex: 1; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        .timeline li, .record li { display: flex; gap: 10px; padding: 6px 0; border-bottom: 1px solid var(--line); }
        .timeline time { flex: 0 0 8.5rem; color: var(--soft); font-variant-numeric: tabular-nums; }
        .timeline .line { display: block; }
        .timeline li > span, .record li > span { min-width: 0; overflow-wrap: anywhere; }
        .mark { flex: 0 0 auto; min-width: 1.4em; font-weight: 700; }
        .pager { margin: 8px 0; display: flex; gap: 18px; }
        .pager a { display: inline-flex; align-items: center; min-height: 44px; }
        .try { display: inline-block; margin-right: 8px; }
        .month td { height: 3.6rem; padding: 0; width: 14.28%; border: 1px solid var(--line); }
        .month td a { display: block; padding: 4px 8px; color: var(--text); text-decoration: none; min-height: 3.6rem; }
        .month td.off { background: var(--ground); }
        .month td.quiet { background: var(--blue-soft); }
        .month td b { color: var(--red); }
        .month td:has([aria-current]) { outline: 2px solid var(--blue); outline-offset: -2px; }
        .line-picture { display: block; width: 100%; min-width: 36rem; height: auto; }
        .line-picture text { fill: var(--text); font-size: 13px; }
        .line-picture .tick { fill: var(--soft); font-size: 12px; }
        .line-picture .axis { stroke: var(--line); }
        .line-picture .due { stroke: var(--text); stroke-width: 2; }
        .line-picture .now { stroke: var(--blue); stroke-width: 2; stroke-dasharray: 4 3; }
        .line-picture .bar { fill: var(--blue-soft); stroke: var(--blue); }
        .line-picture .bar.late { fill: var(--red-soft); stroke: var(--red); }
        .line-picture .bar.good { fill: var(--green-soft); stroke: var(--green); }
        .line-picture .bar.soon { fill: var(--amber-soft); stroke: var(--amber); }
        .line-picture .bar.muted { fill: var(--ground); stroke: var(--soft); }
        .line-picture .fact { fill: var(--text); }
        .line-picture .notice { fill: var(--amber); stroke: var(--card); }
        .line-picture .notice.lost { fill: var(--card); stroke: var(--red); stroke-width: 2; }
        .line-picture .done { fill: var(--green); font-weight: 700; }
        .articles li + li { margin-top: 14px; }
        .letter { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; margin-bottom: 8px; }
        details > summary { cursor: pointer; min-height: 44px; display: inline-flex; align-items: center; color: var(--blue); font-weight: 600; }
        details form { padding: 4px 0 12px; display: grid; gap: 10px; max-width: 32rem; }
        .actions { display: flex; flex-wrap: wrap; gap: 0 22px; margin: 8px 0; }
        .login { max-width: 26rem; }
        .wall main { max-width: none; padding-top: 4px; padding-bottom: 8px; }
        .wall h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .wall h2 { margin: 10px 0 4px; }
        .wall td, .wall th { padding: 4px 12px; }
        .wall table.clocks { min-width: 0; }
        .wall .tiles a { padding: 4px 14px; display: flex; gap: 12px; align-items: baseline; }
        .wall .rates { grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 6px; }
        .wall .rates li { padding: 2px 12px; }
        .wall .rates .value b { font-size: 1.25rem; }
        /* Nobody scrolls on a wall. */
        .wall .days, .wall .rates .month, .wall .hint, .wall .ages, .wall .staff { display: none; }
        @media (max-width: 720px) {
          .top { gap: 0 12px; justify-content: space-between; padding-top: 2px; padding-bottom: 0; }
          .brand span { display: none; }
          .who { gap: 4px; font-size: .8125rem; }
          nav { order: 3; flex-basis: 100%; }
          nav ul { gap: 0; }
          nav a { padding: 0 6px; }
          main { padding-top: 6px; }
          h1 { font-size: 1.1875rem; margin: 0 0 6px; }
          h2 { margin-top: 14px; }
          .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px; }
          .wall .tiles a { display: block; }
          .tiles a { padding: 2px 8px; border-left-width: 4px; }
          .tiles b { font-size: 1.25rem; }
          .tiles span { font-size: .75rem; line-height: 1.3; display: block; }
          .rates { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 6px; }
          .rates li { padding: 6px 9px; overflow-wrap: break-word; }
          .rates h3 { font-size: .875rem; line-height: 1.3; }
          .rates .value b { font-size: 1.25rem; }
          .rates .month { font-size: .75rem; line-height: 1.35; }
          .days { height: 26px; margin: 2px 0; }
          table.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table.cards, table.cards tbody { display: block; width: 100%; }
          table.cards { background: none; border: 0; }
          table.cards tr {
            display: flex; flex-wrap: wrap; gap: 0 14px; align-items: baseline; background: var(--card);
            border: 1px solid var(--line); border-radius: 12px; padding: 2px 12px 8px; margin-bottom: 8px;
            border-left: 6px solid var(--line);
          }
          table.cards tr.late { border-left-color: var(--red); }
          table.cards tr.soon { border-left-color: var(--amber); }
          table.cards tr.plain { border-left-color: var(--blue); }
          table.cards tr.good { border-left-color: var(--green); }
          table.cards td { display: block; border: 0; padding: 1px 0; box-shadow: none !important; text-align: left; }
          table.cards td[data-head]::before { content: attr(data-head) " "; color: var(--soft); font-size: .8125rem; }
          table.cards td:empty { display: none; }
          table.cards td.state { flex: 1 0 auto; }
          table.cards td.state time { display: inline; font-weight: 700; }
          table.cards td.id { max-width: 100%; }
          table.clocks td.id small { display: none; }
          table.cards td.id a { display: inline-flex; align-items: center; min-height: 44px; font-weight: 600; }
          table.cards td.enterprise { font-weight: 600; }
          table.cards td.notice { flex-basis: 100%; }
          td small { display: inline; }
          .rows div { flex-direction: column; gap: 0; }
          .rows dt { flex: none; }
          .timeline li { flex-wrap: wrap; gap: 2px 10px; }
          .search label, .search input, .search select, .search button { width: 100%; }
          .load li { grid-template-columns: 6.5rem 1fr auto; }
          .month td a { padding: 2px 4px; }
          .month td b { display: block; font-size: .8125rem; }
          .month td small { font-size: .6875rem; }
        }
        @media print {
          nav, .who a, .who form, .skip, .search, .pager, .actions, .act, .live { display: none; }
          body { background: #fff; color: #000; font-size: 10pt; }
          table, .rows, .rates li, .tiles a { border-color: #999; break-inside: avoid; }
          a { color: inherit; text-decoration: none; }
        }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

        """
}
