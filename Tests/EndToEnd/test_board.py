"""The board in a real browser; pictures of every page stay in .build/test-logs/screenshots."""

import itertools
import re
import sqlite3
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from support import events
from support.browser import SCREENSHOTS, chromium
from support.events import LEADER, STAFF
from support.installation import POLICY
from support.waiting import eventually

PAGES = ["/", "/matters", "/deadlines", "/alerts", "/ledger", "/articles", "/system", "/audit"]
WIDTHS = [390, 1280, 1920]
# What the shipped rules are called in Chinese.
TITLES = re.findall(r"title: \{ zh: ([^,]+),", POLICY.read_text(encoding="utf-8"))
# Milliseconds from a commit until the page must show it.
LIVE_WITHIN = 1_000


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def look(browser):
    """Opens pages; what a page's script or its policy complains of fails the test."""
    opened, complaints = [], []

    def complain(text):
        # Said of the page itself as well, which a test may expect; of everything else `missing` knows.
        if "Failed to load resource" not in text:
            complaints.append(text)

    def missing(answer):
        if answer.status >= 400 and answer.request.resource_type != "document":
            complaints.append(f"{answer.status} {answer.url}")

    def make(address, width=1280, language="zh-CN", dark=False, scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=language,
            color_scheme="dark" if dark else "light", java_script_enabled=scripts,
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", missing)
        answer = page.goto(address)
        page.status = answer.status
        return page

    yield make
    for context in opened:
        context.close()
    assert not complaints


@pytest.fixture(scope="module")
def day(broker, tmp_path_factory):
    """A town in which something of everything has happened: twenty complaints, a fine with shares, a dead letter."""
    from conftest import Town

    town = Town(tmp_path_factory.mktemp("board"), broker.bootstrap)
    town.daemon.start()
    town.home = town.enterprise()
    town.overdue = town.complain(town.home, events.due_in(3))
    town.answered = town.complain(town.home, events.now())
    town.send(events.responded(town.answered[0], town.home, events.now()))
    for _ in range(18):
        town.complain(town.home, events.now())
    town.fine = events.number("FN")
    town.send(events.fine_issued(town.fine, town.home, 100_001, events.ago(minutes=2)))
    town.send(events.fine_attributed(town.fine, town.home, events.ago(minutes=1)))
    town.kafka.raw(town.topics.intake, b"{ no event")
    town.daemon.wait_for_state(town.overdue[1], "breached", within=20)
    town.daemon.wait_for_state(town.answered[1], "met")
    eventually(lambda: len(town.daemon.api.get(f"/api/v1/ledger?fine={town.fine}")["entries"]) == 2)
    yield town
    town.close()


def pages(town):
    return [*PAGES, f"/matters/{town.overdue[1]}", f"/matters/fine/{town.fine}", "/?wall=1"]


def name_of(path):
    return re.sub(r"\W+", "-", path).strip("-") or "home"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_fits_every_screen(day, look, language):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for path in pages(day):
        page = look(day.installation.url + path, language=language)
        assert page.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1 and page.locator("h1").inner_text()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert beyond <= 0, f"{path} is {beyond} px too wide at {width}"
            picture = SCREENSHOTS / f"board-{name_of(path)}-{width}-{language}.png"
            page.screenshot(path=picture, full_page=True)
        if language == "en":
            text = page.locator("body").inner_text()
            left = [words for words in ["超时", "责任人", *TITLES] if words in text]
            assert not left, f"{path} has Chinese words of its own in English: {left}"


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(day, look, dark):
    for path in [*pages(day), "/matters/complaint/none"]:
        for width in (390, 1280):
            page = look(day.installation.url + path, width=width, dark=dark)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
            assert found.violations_count == 0, f"{path} at {width}: {found.generate_report()[:3000]}"


def test_everything_is_there_without_a_script(day, look):
    page = look(day.installation.url + "/", scripts=False)
    text = page.locator("main").inner_text()
    assert day.overdue[0] in text and "已超时" in text and "半小时回应率" in text
    row = page.locator("tr", has_text=day.overdue[0])
    assert "司徒静澜" in row.inner_text(), "who has to see to it"
    assert "超" in row.locator("time").inner_text(), "how late it is"
    page.locator("a", has_text=day.overdue[0]).first.click()
    assert day.overdue[0] in page.locator("h1").inner_text()
    assert "欧阳慕白" in page.locator("main").inner_text(), "the leader who heard of the breach"
    assert page.locator("svg.line-picture").count() == 1


def test_a_complaint_shows_within_a_second_of_its_commit(day, look):
    page = look(day.installation.url + "/matters")
    page.wait_for_selector(".live.good")
    number = events.number("CP")
    page.evaluate(
        """number => { window.shown = new Promise(done => {
             const look = () => document.body.innerText.includes(number) ? done(Date.now()) : setTimeout(look, 10);
             look(); }); }""",
        number,
    )
    day.send(events.filed(number, day.home, events.now()))
    shown = page.evaluate("() => window.shown")
    (line,) = eventually(lambda: day.daemon.logged("event.accepted", duty__case_id=number))
    committed = events.moment(line["@timestamp"]).timestamp() * 1_000
    assert shown - committed <= LIVE_WITHIN, f"{shown - committed:.0f} ms"


def test_figures_are_those_of_the_metrics(day, look):
    page = look(day.installation.url + "/")
    rate = page.locator(".rates li", has_text="半小时回应率")
    assert rate.locator(".value span").inner_text() == "1/2"
    assert day.daemon.metric("rate_ratio", name="response") == 0.5
    tile = page.locator(".tiles a", has_text="已超时").locator("b").inner_text()
    breached = [line for line in day.daemon.logged("deadline.breached")]
    assert int(tile) == len(breached) == 1


@pytest.mark.parametrize("query, finds", [
    ("q=CP-2026&state=overdue", True), ("q=complaint/{overdue}", True), ("q={overdue}", True), ("q=CP-1999", False),
    ("type=complaint&state=overdue", True), ("type=fine&state=overdue", False), ("article=22&state=overdue", True),
    ("article=19", False), ("person=司徒静澜&state=overdue", True), ("person=P-1032&state=overdue", True),
    ("person=无此人", False),
    ("state=closed", False),
])  # fmt: skip
def test_matters_are_found(day, look, query, finds):
    query = query.replace("{overdue}", day.overdue[0])
    page = look(f"{day.installation.url}/matters?{query}", scripts=False)
    assert (page.locator("a", has_text=day.overdue[0]).count() > 0) == finds
    page = look(f"{day.installation.url}/matters?{query}&enterprise=E-999999", scripts=False)
    assert page.locator("td.id").count() == 0


def test_a_list_goes_on_page_by_page(day, look):
    numbers = [day.complain(day.home, events.now())[0] for _ in range(60)]
    eventually(lambda: day.daemon.matter(f"complaint/{numbers[-1]}"))
    page = look(f"{day.installation.url}/matters?type=complaint&enterprise={day.home}", scripts=False)
    seen = []
    while True:
        seen += [link.inner_text() for link in page.locator("td.id a").all()]
        following = page.locator("a[rel=next]")
        if following.count() == 0:
            break
        following.click()
    assert len(seen) == len(set(seen)) and set(numbers) <= set(seen)


def test_a_deadline_stands_on_its_day(day, look):
    today = events.now().strftime("%Y-%m-%d")
    page = look(f"{day.installation.url}/deadlines?day={today}", scripts=False)
    assert page.locator("td a[aria-current=date]").count() == 1
    assert page.locator("td.id a", has_text=day.overdue[0]).count() == 1
    assert "宁静日" in page.locator(".hint").first.inner_text()


def test_who_was_told_stands_with_what_the_provider_said(day, look):
    page = look(day.installation.url + "/alerts", scripts=False)
    assert page.locator("tr.good", has_text="hook").count() > 0
    eventually(lambda: day.receiver.told(day.overdue[1], "N13", LEADER))
    page = look(f"{day.installation.url}/matters/{day.overdue[1]}", scripts=False)
    told = page.locator("#told ~ ul li", has_text="司徒静澜")
    assert told.count() >= 1 and "第22条" in told.first.inner_text()


def test_who_was_not_told_stands_with_the_reason(day, look):
    def untold(matter, stage):
        page = look(f"{day.installation.url}/matters/{matter}", scripts=False)
        return page.locator("#untold ~ ul li", has_text="诉求半小时内回应").filter(has_text=stage).inner_text()

    assert "还没有到时间" in untold(day.overdue[1], "升级 60分钟") and "园区主要负责人" in untold(day.overdue[1], "升级 60分钟")
    assert "已完成" in untold(day.answered[1], "超时") and "联点领导" in untold(day.answered[1], "超时")
    steps = day.daemon.api.get(f"/api/v1/matters/{day.answered[1]}")["untold"]
    assert {"breach", "escalate60"} <= {one["stage"] for one in steps if one["reason"] == "met"}


def test_shares_stand_in_the_ledger(day, look):
    page = look(day.installation.url + "/ledger", scripts=False)
    assert day.fine in page.locator("main").inner_text()
    assert "¥250.00" in page.locator("tr", has_text="司徒静澜").inner_text()


def test_a_keyboard_is_enough(day, look):
    page = look(day.installation.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == day.overdue[0]:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/matters/{day.overdue[1]}")


@pytest.mark.parametrize("width, height", [(390, 844), (1280, 800)])
def test_what_burns_and_who_must_act_is_seen_at_once(day, look, width, height):
    page = look(day.installation.url + "/", width=width)
    page.set_viewport_size({"width": width, "height": height})
    row = page.locator("tr", has_text=day.overdue[0])
    for part in [row.locator("td.state"), row.locator("td", has_text="司徒静澜").first, row.locator("td.notice")]:
        box = part.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, "without scrolling"
    assert "已送达" in row.locator("td.notice").inner_text()


def test_nobody_has_to_scroll_a_wall(day, look):
    page = look(day.installation.url + "/?wall=1", width=1920)
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    for part in [".tiles", "#burning", "#running", "#rates"]:
        assert page.locator(part).is_visible()


def test_a_matter_begins_with_how_it_stands(day, look):
    page = look(f"{day.installation.url}/matters/{day.overdue[1]}", scripts=False)
    said = page.locator(".headline").inner_text()
    assert "已超时" in said and "司徒静澜" in said and "已送达" in said and "半小时" in said
    assert "厂区临时用电容量不足" in page.locator("dl.rows").first.inner_text(), "what it is about"
    picture = page.locator("svg.line-picture")
    assert picture.locator("rect.bar.late").count() > 1, "what is beyond the due time is red, and the legend says so"
    assert picture.locator("path.notice title").count() > 0 and "超出期限" in picture.text_content()
    ways = page.locator("#told ~ ul summary", has_text="代为确认").count()
    people = {one["recipient"]["personRef"] for one in day.daemon.notifications(day.overdue[1])} - {"@group"}
    assert ways == len(people), "one form for each who was told"


def test_the_system_page_has_lag_and_channels(day, look):
    text = look(day.installation.url + "/system", scripts=False).locator("main").inner_text()
    assert "未读取的事件" in text and re.search(r"渠道 hook\s+✓ 正常 · 已送达 \d+", text)


def test_an_empty_board_says_so(broker, build, look):
    town = build(broker.bootstrap)
    town.daemon.start()
    for language, nothing in [("zh-CN", "没有超时的事项。"), ("en", "Nothing is overdue.")]:
        for path in PAGES:
            for width in WIDTHS:
                page = look(town.installation.url + path, width=width, language=language, scripts=False)
                assert page.status == 200
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
                page.context.close()
        page = look(town.installation.url + "/", language=language, scripts=False)
        assert nothing in page.locator("main").inner_text()


def multiply(database, matter, prefix, count):
    """So many matters like this one, with their events and notices, as if long ago; the daemon must not run."""
    with sqlite3.connect(database) as store:
        store.execute("CREATE TEMP TABLE many (n TEXT)")
        store.executemany("INSERT INTO many VALUES (?)", ((f"{prefix}-{n:06}",) for n in range(count)))
        for statement in [
            """INSERT INTO matter (id, version, enterprise, policy, is_open, wake_at, due_at, state)
               SELECT 'complaint/' || n, version, enterprise, policy, is_open, NULL, due_at, state
               FROM many, matter WHERE id = ?""",
            """INSERT INTO fact (event_id, source, matter, body) SELECT n || event_id, source, 'complaint/' || n, body
               FROM many, fact WHERE matter = ?""",
            """INSERT INTO notification (key, matter, state, urgency, class, body, attempts, tried_at)
               SELECT n || key, 'complaint/' || n, state, urgency, class, body, attempts, tried_at
               FROM many, (SELECT * FROM notification WHERE matter = ? LIMIT 1)""",
        ]:
            store.execute(statement, (matter,))
        store.execute("DROP TABLE many")


def test_a_hundred_thousand_matters(broker, build, look):
    town = build(broker.bootstrap)
    town.daemon.start()
    home = town.enterprise()
    _, overdue = town.complain(home, events.due_in(3))
    number, running = town.complain(home, events.now())
    town.daemon.wait_for_state(overdue, "breached", within=20)
    for matter in (overdue, running):
        eventually(lambda: all(one["state"] == "sent" for one in town.daemon.notifications(matter)))
    town.daemon.stop()
    database = town.installation.file.parent / "dutyclock.db"
    multiply(database, overdue, "CQ-1", 50_000)
    multiply(database, running, "CR-1", 50_000)
    town.daemon.start()
    searches = [
        "/matters?state=overdue", "/matters?state=running", "/matters?q=CR-1-0499", "/matters?article=22",
        f"/matters?enterprise={home}", "/matters?person=司徒静澜&state=overdue", f"/matters/{overdue}",
    ]  # fmt: skip
    for language, width in itertools.product(["en", "zh-CN"], WIDTHS):
        page = look(town.installation.url, width=width, language=language)
        for path in [*PAGES, *searches, "/?wall=1"]:
            assert page.goto(town.installation.url + path).status == 200
            beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert beyond <= 0, f"{path} is {beyond} px too wide at {width}"
            spent = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
            assert spent < 1_000, f"{path} took {spent:.0f} ms"
            page.screenshot(path=SCREENSHOTS / f"many-{name_of(path)}-{width}-{language}.png")
    page.goto(town.installation.url + "/")
    assert page.locator(".tiles a", has_text="已超时").locator("b").inner_text() == "10000+"
    page.goto(f"{town.installation.url}/matters?q=CR-1-049999&state=running")
    assert page.locator("td.id a").all_inner_texts() == ["CR-1-049999"]
    page.goto(f"{town.installation.url}/matters?q=CR-1-0499&state=running")
    page.locator("a[rel=next]").click()
    assert page.locator("td.id a").count() == 50


def test_a_page_that_is_not_there_says_so(day, look):
    assert look(day.installation.url + "/matters/complaint/CP-0", scripts=False).status == 404


def test_the_first_page_is_quick_enough(day):
    begun = time.monotonic()
    for _ in range(20):
        assert day.daemon.api.status("/") == 200
    assert time.monotonic() - begun < 20 * 0.5, "half a second each on a slow machine"


# What supervisors do.


def deed(page, summary, **fields):
    """Opens the form that is called so, fills it in and sends it."""
    form = page.locator("details", has=page.locator("summary", has_text=summary)).first
    form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button").click()


def test_a_supervisor_acknowledges_for_somebody(day, look):
    _, matter = day.complain(day.home, events.now())
    eventually(lambda: day.daemon.notifications(matter, "N10"))
    page = look(f"{day.installation.url}/matters/{matter}")
    deed(page, "代为确认", reason="已当面告知")
    page.wait_for_selector(".banner.good")
    told = eventually(
        lambda: [one for one in day.daemon.notifications(matter, "N10") if one.get("acknowledged")],
        what="the acknowledgement",
    )
    assert told[0]["acknowledged"]["personRef"] == STAFF
    assert day.daemon.obligation(matter)["state"] == "open", "which is neither a response nor a solution"


def test_a_supervisor_escalates_to_a_step(day, look):
    _, matter = day.complain(day.home, events.now())
    eventually(lambda: day.daemon.notifications(matter, "N10"))
    page = look(f"{day.installation.url}/matters/{matter}")
    deed(page, "升级到某一步", step="A22.response|1||escalate60", reason="企业停产")
    page.wait_for_selector(".banner.good")
    eventually(lambda: day.receiver.told(matter, "N94"), what="the head of the park")
    page.goto(f"{day.installation.url}/audit")
    assert "企业停产" in page.locator("main").inner_text(), "why stands in the journal"


def test_a_supervisor_silences_a_matter_and_ends_that(day, look):
    _, matter = day.complain(day.home, events.now())
    eventually(lambda: day.daemon.notifications(matter, "N10"))
    page = look(f"{day.installation.url}/matters/{matter}")
    deed(page, "静默本事项", minutes="60", reason="园区停电")
    page.wait_for_selector(".banner.good")
    eventually(lambda: [one for one in day.daemon.api.get("/api/v1/silences")["silences"] if one["state"] == "holds"])
    page.goto(f"{day.installation.url}/system")
    assert "园区停电" in page.locator("main").inner_text()
    deed(page, "提前结束", reason="已恢复")
    page.wait_for_selector(".banner.good")
    eventually(
        lambda: all(one["state"] == "over" for one in day.daemon.api.get("/api/v1/silences")["silences"]),
        what="the end of the silence",
    )


def test_a_deed_without_a_good_reason_is_not_done(day, look):
    _, matter = day.complain(day.home, events.now())
    eventually(lambda: day.daemon.notifications(matter, "N10"))
    page = look(f"{day.installation.url}/matters/{matter}", scripts=False)
    deed(page, "代为确认", reason="电话 13800138000")
    assert "不得含电话" in page.locator("main").inner_text()
    assert not any(one.get("acknowledged") for one in day.daemon.notifications(matter))


def test_a_form_that_is_open_is_not_taken_away(day, look):
    _, matter = day.complain(day.home, events.now())
    eventually(lambda: day.daemon.notifications(matter, "N10"))
    page = look(f"{day.installation.url}/matters/{matter}")
    page.wait_for_selector(".live.good")
    form = page.locator("details", has=page.locator("summary", has_text="代为确认")).first
    form.locator("summary").click()
    form.locator("textarea").fill("还没写完")
    day.complain(day.home, events.now())
    page.wait_for_timeout(1_500)
    assert form.locator("textarea").input_value() == "还没写完"


def test_the_journal_is_read_in_the_reader_s_language(day):
    """Whatever the journal calls its fields, people who read Chinese see words for them."""
    entries = [entry for one in day.daemon.api.get("/api/v1/journal?limit=200")["records"] for entry in one["entries"]]
    names = {name for entry in entries for name in entry["fields"]}
    assert {"offset", "channel", "dueAt"} <= names
    shown = {
        language: day.daemon.api.request("GET", "/audit", headers={"accept-language": language})[1].decode()
        for language in ("zh-CN", "en")
    }
    # In a page of the other language each stands as a word before its value.
    for name in names:
        assert f",{name} " not in shown["zh-CN"] and f">{name} " not in shown["zh-CN"], name
    assert "消息 N10" in shown["zh-CN"] and "message N10" in shown["en"]
