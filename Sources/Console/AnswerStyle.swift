/// How the answering page looks: one column for a phone, text of at least 4.5:1 against its ground in light and
/// dark, everything to tap at least 44 px high.
enum AnswerStyle {
    /// The colours of all pages, by day and by night.
    static let palette = """
        :root {
          --ground: #f2f4f7; --card: #ffffff; --text: #1a2129; --soft: #505b68; --line: #dde2e8;
          --red: #b3261e; --red-soft: #fdeceb; --amber: #8a4b00; --amber-soft: #fff3e0;
          --green: #14683a; --green-soft: #e6f4ec; --blue: #0b57d0; --blue-soft: #e8f0fe; --on: #ffffff;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            \(night)
          }
        }
        """

    static let night = """
        --ground: #0f1317; --card: #1b2127; --text: #e8ecf1; --soft: #a9b4c0; --line: #333c46;
        --red: #ffb4ab; --red-soft: #4a1713; --amber: #ffc078; --amber-soft: #43290a;
        --green: #86dba5; --green-soft: #12391f; --blue: #a8c7fa; --blue-soft: #14315f; --on: #0b1420;
        """

    static let sheet = """
        \(palette)
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 17px/1.5 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei",
            system-ui, sans-serif;
          -webkit-text-size-adjust: 100%;
        }
        main {
          max-width: 30rem; margin: 0 auto;
          padding: 12px max(12px, env(safe-area-inset-right)) 24px max(12px, env(safe-area-inset-left));
        }
        h1, h2, p, dl, ul, fieldset { margin: 0; padding: 0; }
        .card {
          display: block; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
          padding: 16px; margin: 0 0 12px;
        }
        .head { border-left: 6px solid var(--blue); }
        .head.late { border-left-color: var(--red); }
        .head.soon { border-left-color: var(--amber); }
        .head.good { border-left-color: var(--green); }
        .head.muted { border-left-color: var(--soft); }
        .badge {
          display: inline-block; border-radius: 999px; padding: 1px 12px; margin-bottom: 8px; font-size: 14px;
          font-weight: 600; background: var(--blue-soft); color: var(--blue);
        }
        .late .badge { background: var(--red-soft); color: var(--red); }
        .soon .badge { background: var(--amber-soft); color: var(--amber); }
        .good .badge { background: var(--green-soft); color: var(--green); }
        h1 { font-size: 28px; line-height: 1.25; font-weight: 700; }
        .late h1 { color: var(--red); }
        h2 { font-size: 16px; color: var(--soft); font-weight: 600; margin-bottom: 6px; }
        .who { margin-top: 8px; font-size: 18px; font-weight: 600; }
        .what { color: var(--soft); }
        .notice { border-radius: 12px; padding: 12px 16px; margin: 0 0 12px; font-weight: 600; }
        .notice.good { background: var(--green-soft); color: var(--green); }
        .notice.soon { background: var(--amber-soft); color: var(--amber); }
        .notice.late { background: var(--red-soft); color: var(--red); }
        .rows { padding: 4px 16px; }
        .rows div { display: flex; gap: 16px; padding: 10px 0; border-top: 1px solid var(--line); }
        .rows div:first-child { border-top: 0; }
        dt { flex: 0 0 5.5em; color: var(--soft); }
        dd { margin: 0; flex: 1; text-align: right; overflow-wrap: anywhere; }
        .record { list-style: none; }
        .record li { display: flex; gap: 10px; padding: 5px 0; }
        .mark { flex: 0 0 1.2em; text-align: center; font-weight: 700; color: var(--soft); }
        .record b { display: inline-block; min-width: 2.4em; margin-right: 4px; }
        .record .good .mark { color: var(--green); }
        .record .soon .mark { color: var(--amber); }
        fieldset { border: 0; display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; }
        legend, summary { font-weight: 700; font-size: 18px; padding: 0; }
        legend { margin-bottom: 10px; }
        summary { min-height: 44px; display: flex; align-items: center; cursor: pointer; margin: -8px 0; }
        summary::after { content: "▾"; margin-left: auto; color: var(--soft); }
        details[open] summary { margin-bottom: 4px; }
        details[open] summary::after { content: "▴"; }
        .choice { position: relative; display: block; min-height: 48px; }
        .choice input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; }
        .choice span {
          display: flex; align-items: center; justify-content: center; min-height: 48px; padding: 4px 6px;
          border: 1.5px solid var(--soft); border-radius: 10px; text-align: center; line-height: 1.2;
        }
        .choice input:checked + span {
          border-color: var(--blue); background: var(--blue-soft); color: var(--blue); font-weight: 700;
        }
        .choice input:focus-visible + span, button:focus-visible, summary:focus-visible, a:focus-visible,
        .field input:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
        .field { display: block; margin-top: 12px; }
        .field span { display: block; margin-bottom: 4px; color: var(--soft); }
        .field input {
          width: 100%; min-height: 48px; padding: 8px 12px; font: inherit; color: var(--text);
          background: var(--ground); border: 1.5px solid var(--soft); border-radius: 10px;
        }
        button {
          display: block; width: 100%; min-height: 52px; margin-top: 14px; border-radius: 12px; cursor: pointer;
          font: inherit; font-size: 18px; font-weight: 700; border: 1.5px solid var(--blue);
          background: var(--blue); color: var(--on);
        }
        button.plain { background: transparent; color: var(--blue); margin-top: 0; }
        form.card > button:first-of-type.plain { margin-top: 0; }
        .hint { margin-top: 8px; font-size: 14px; color: var(--soft); }
        footer { text-align: center; font-size: 14px; color: var(--soft); padding-top: 4px; }
        footer a {
          display: inline-flex; align-items: center; min-height: 44px; padding: 0 20px; color: var(--blue);
        }

        """
}
