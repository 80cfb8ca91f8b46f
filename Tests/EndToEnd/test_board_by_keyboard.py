"""A supervisor's day without a mouse, from signing in to signing out; the pages on paper, and as HTML."""

import html5lib
import pytest
from support import events
from support.browser import SCREENSHOTS, chromium
from support.waiting import eventually

TOKEN = "supervisor-token-0123456789"
FILE = "tokens:\n  - { name: head, label: 主任, person: P-1001, role: supervisor, token: { file: head.token } }\n"
# So many steps lead to anything on a page of this town.
MOST_STEPS = 120


@pytest.fixture
def town(broker, build):
    """A town with an overdue complaint and something that is no event, for those alone who sign in."""
    town = build(broker.bootstrap)
    town.installation.ask_for_tokens(tokens_yaml=FILE, head_token=TOKEN)
    town.daemon.start(DUTYCLOCK_TOKEN=TOKEN)
    town.overdue, town.matter = town.complain(town.enterprise(), events.due_in(3))
    town.kafka.raw(town.topics.intake, b"{ no event")
    eventually(lambda: town.receiver.told(town.matter, "N13"), what="the breach")
    eventually(lambda: town.daemon.logged("event.rejected"), what="the dead letter")
    return town


@pytest.fixture
def page(town):
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", reduced_motion="reduce").new_page()
        page.goto(town.installation.url + "/")
        yield page


def focused(page) -> str:
    return page.evaluate("(document.activeElement.textContent || document.activeElement.name || '').trim()")


def step_to(page, wanted):
    """Tab by Tab to the first thing that says, or is called, so; each on the way can be seen to be chosen."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = focused(page)
        seen = page.evaluate("""() => {
          const one = document.activeElement, box = one.getBoundingClientRect();
          return one === document.body || getComputedStyle(one).outlineStyle !== 'none'
            && box.bottom > 0 && box.top < innerHeight && box.width > 0; }""")
        assert seen, f"nobody sees that {here[:40]!r} is chosen"
        if here == wanted or here.startswith(wanted):
            return
    raise AssertionError(f"{wanted} cannot be reached")


def fill_in(page, summary, reason, *keys):
    """Opens a form, gives each of its lists the keys, writes why and sends it; what comes says that it is done."""
    step_to(page, summary)
    page.keyboard.press("Enter")
    for pressed in keys:
        page.keyboard.press("Tab")
        page.keyboard.press(pressed)
    step_to(page, "reason")
    page.keyboard.type(reason)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "button"
    page.keyboard.press("Enter")
    page.wait_for_selector(".banner.good")


def test_a_supervisor_s_day(town, page):
    step_to(page, "token")
    page.keyboard.type(TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#burning")

    # What burns: its owner is told to be reached, somebody is silenced, the head of the park hears of it.
    step_to(page, town.overdue)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/matters/{town.matter}")
    fill_in(page, "升级到某一步", "企业停产", "End")
    eventually(lambda: town.receiver.told(town.matter, "N94"), what="those above")
    page.goto(f"{town.installation.url}/matters/{town.matter}")
    fill_in(page, "代为确认", "已当面告知")
    page.goto(f"{town.installation.url}/matters/{town.matter}")
    fill_in(page, "静默本事项", "园区停电")

    # What could not be read is put aside, and the silence is ended again.
    step_to(page, "系统")
    page.keyboard.press("Enter")
    page.wait_for_selector("#letters")
    assert page.locator(".letter", has_text="#1").count() == 1
    fill_in(page, "处理", "测试数据", "End")
    assert page.locator(".letter", has_text="#1").count() == 0, "nobody has to see to it any more"
    fill_in(page, "提前结束", "已恢复")

    # Looks something up, sees all of that in the journal, and goes home.
    step_to(page, "事项")
    page.keyboard.press("Enter")
    page.wait_for_url("**/matters")
    step_to(page, "q")
    page.keyboard.type(town.overdue)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**q={town.overdue}*")
    assert page.locator("td.id a").all_inner_texts() == [town.overdue]
    step_to(page, "审计")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit")
    journal = page.locator("main").inner_text()
    for reason in ["企业停产", "已当面告知", "园区停电", "测试数据", "已恢复"]:
        assert reason in journal, reason
    assert "P-1001" in journal or "主任" in journal
    step_to(page, "退出")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login*")


def sign_in(page):
    page.locator("[name=token]").fill(TOKEN)
    page.locator("[name=token]").press("Enter")
    page.wait_for_selector("#burning")


def test_news_does_not_take_the_place_away(town, page):
    sign_in(page)
    page.goto(f"{town.installation.url}/matters/{town.matter}")
    page.wait_for_selector(".live.good")
    step_to(page, "静默本事项")
    page.evaluate("document.addEventListener('dutyclock:loaded', () => { window.loaded = true; })")
    town.complain(town.enterprise(), events.now())
    page.wait_for_function("() => window.loaded")
    assert focused(page).startswith("静默本事项")


def test_pages_are_written_as_the_standard_says(town, page):
    """Browsers mend what is not, each in its own way: a form within a paragraph is put behind it."""
    reader = html5lib.HTMLParser(strict=True)
    reader.parse(page.content())
    sign_in(page)
    paths = ["/", "/matters", "/deadlines", "/alerts", "/ledger", "/articles", "/system", "/audit", "/?wall=1"]
    for path in [*paths, "/matters/complaint/none", f"/matters/{town.matter}"]:
        answer = page.request.get(town.installation.url + path, headers={"accept": "text/html"})
        try:
            reader.parse(answer.text())
        except html5lib.html5parser.ParseError as mistake:
            line, column = reader.errors[-1][0]
            raise AssertionError(f"{path}:{line}:{column}: {mistake}") from None


@pytest.mark.parametrize("path", ["/", "/matters", "/deadlines", "/ledger", "matter"])
def test_on_paper_there_is_what_was_on_the_screen_and_nothing_to_press(town, page, path):
    sign_in(page)
    page.goto(town.installation.url + (f"/matters/{town.matter}" if path == "matter" else path))
    page.emulate_media(media="print")
    for part in ["nav", ".skip", ".search", ".actions", "form", "button", "summary", ".live"]:
        shown = [one.evaluate("one => one.outerHTML") for one in page.locator(part).all() if one.is_visible()]
        assert not shown, f"printed: {shown}"
    assert page.locator("h1").is_visible() and page.locator("main").inner_text().strip()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)", "paper is white, whatever the screen was"
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = path.strip("/") or "home"
    page.pdf(path=SCREENSHOTS / f"paper-{name}.pdf", format="A4")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=SCREENSHOTS / f"paper-{name}.png", full_page=True)
    # 794 px are the width of A4 at 96 to the inch.
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
