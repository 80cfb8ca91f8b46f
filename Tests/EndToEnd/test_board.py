"""The board in a real browser; pictures of every page stay in .build/test-logs/screenshots."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from support import events
from support.events import LEADER, STAFF
from support.installation import PROJECT
from support.waiting import eventually

CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = PROJECT / ".build" / "test-logs" / "screenshots"
PAGES = ["/", "/matters", "/deadlines", "/alerts", "/ledger", "/articles", "/system", "/audit"]
WIDTHS = [390, 1280, 1920]
# Milliseconds from a commit until the page must show it.
LIVE_WITHIN = 1_000


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


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
    town.kafka.send_raw(town.topics.intake, b"{ no event") if hasattr(town.kafka, "send_raw") else None
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
            left = [text for text in page.locator("main, header").all_inner_texts() if "超时" in text or "责任人" in text]
            assert not left, f"{path} has Chinese words of its own in English: {left[0][:200]}"


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
