/// The only script of the board: it loads a page anew when something has changed, and lets the times run.
///
/// Without it everything is there, and lists load themselves anew every twenty seconds.
enum BoardScript {
    static let source = """
        "use strict";
        (() => {
          const body = document.body, chinese = body.dataset.lang !== "en";
          const here = () => performance.timeOrigin + performance.now();
          let ahead = Date.parse(body.dataset.now) - here();
          const now = () => here() + ahead;
          const state = document.querySelector("[data-state]");
          const say = (live) => {
            if (!state) return;
            state.hidden = false;
            state.className = "live " + (live ? "good" : "late");
            state.textContent = live ? (chinese ? "● 实时" : "● live") : (chinese ? "■ 已断开" : "■ offline");
          };
          const span = (ms) => {
            const minutes = Math.floor(Math.abs(ms) / 60000);
            const parts = [[Math.floor(minutes / 1440), "天", " d"], [Math.floor(minutes / 60) % 24, "小时", " h"],
              [minutes % 60, "分钟", " min"]];
            while (parts.length && parts[0][0] === 0) parts.shift();
            const shown = parts.slice(0, 2).filter((part) => part[0] > 0);
            if (!shown.length) return chinese ? "不到1分钟" : "less than a minute";
            return shown.map((part) => part[0] + part[chinese ? 1 : 2]).join(chinese ? "" : " ");
          };
          const tick = () => {
            for (const time of document.querySelectorAll("[data-due]")) {
              const left = Date.parse(time.dataset.due) - now();
              const text = span(left);
              const said = left > 0 ? (chinese ? "剩" + text : text + " left") : (chinese ? "超" + text : text + " late");
              if (time.textContent !== said) time.textContent = said;
            }
            const clock = document.querySelector("[data-clock]");
            if (clock) {
              const local = new Date(now() + 8 * 3600000).toISOString();
              clock.textContent = local.slice(0, 10) + " " + local.slice(11, 16);
            }
          };
          tick();
          setInterval(tick, 1000);
          if (!body.dataset.live) return;
          let loading = false, again = false, last = 0;
          const isBusy = () => {
            const active = document.activeElement;
            return active && active.closest("main form") || document.querySelector("main details[open]");
          };
          const said = (one) => one.getAttribute("href") || one.textContent;
          const alike = (root, one) =>
            [...root.querySelectorAll(one.localName)].filter((other) => said(other) === said(one));
          const load = async () => {
            if (loading) { again = true; return; }
            loading = true;
            try {
              do {
                again = false;
                const wait = 400 - (here() - last);
                if (wait > 0) await new Promise((done) => setTimeout(done, wait));
                last = here();
                const answer = await fetch(location.href, { headers: { accept: "text/html" } });
                if (!answer.ok || answer.redirected) { location.reload(); return; }
                const page = new DOMParser().parseFromString(await answer.text(), "text/html");
                if (isBusy()) { again = false; setTimeout(load, 3000); return; }
                const fresh = page.querySelector("main"), old = document.querySelector("main");
                ahead = Date.parse(page.body.dataset.now) - here();
                const active = document.activeElement, place = active ? alike(old, active).indexOf(active) : -1;
                old.replaceChildren(...fresh.childNodes);
                if (place >= 0) {
                  const same = alike(old, active);
                  if (same.length) same[Math.min(place, same.length - 1)].focus({ preventScroll: true });
                }
                tick();
                document.dispatchEvent(new Event("dutyclock:loaded"));
              } while (again);
            } catch (error) {
              say(false);
            } finally {
              loading = false;
            }
          };
          const source = new EventSource("/api/v1/stream");
          source.addEventListener("hello", () => { if (last) load(); last = last || here(); say(true); });
          source.addEventListener("change", load);
          source.onerror = () => say(false);
          setInterval(load, 30000);
        })();

        """
}
