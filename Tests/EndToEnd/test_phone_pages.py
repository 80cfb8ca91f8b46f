"""The answering page in a real browser, as wide as a phone; pictures of it stay in .build/test-logs/screenshots."""

import re

import pytest
from support import events
from support.browser import SCREENSHOTS, chromium
from support.events import STAFF
from support.waiting import eventually

WIDTH = 390
# WCAG 2.2: what to tap (2.5.5), and text against its ground (1.4.3).
LEAST_TARGET = 44
LEAST_CONTRAST = 4.5

MEASURE_TARGETS = """() => [...document.querySelectorAll('button, a, summary, label.choice, .field input')]
  .map(one => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0)
  .map(([name, box]) => ({ name, width: box.width, height: box.height }))"""

# Text and the nearest ground that is not transparent, for everything that has text of its own.
MEASURE_CONTRAST = """() => {
  const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter(one => [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
    .map(one => {
      const [a, b] = [light(parts(getComputedStyle(one).color)), light(ground(one))];
      return { text: one.textContent.trim().slice(0, 20), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
    });
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser):
    """Opens an address on a phone; by default one with scripts switched off."""
    opened = []

    def make(link, language="zh-CN", dark=False, scripts=False):
        context = browser.new_context(
            viewport={"width": WIDTH, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True,
            locale=language, color_scheme="dark" if dark else "light", java_script_enabled=scripts,
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.goto(link)
        return page

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def warned(town):
    """A complaint with two minutes left: its matter, and the link of the warning."""
    _, matter = town.complain(town.enterprise(), events.due_in(120))
    told = eventually(lambda: town.receiver.told(matter, "N12", STAFF), what="N12")[0]
    return matter, told.data["link"]


def picture(page, name):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everything_can_be_read_and_tapped(warned, open_page, language, dark):
    page = open_page(warned[1], language, dark, scripts=True)
    picture(page, f"answer-{language}-{'dark' if dark else 'light'}")
    assert page.get_attribute("html", "lang") == language
    page.locator("summary").click()
    picture(page, f"answer-plan-{language}-{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    targets = page.evaluate(MEASURE_TARGETS)
    assert len(targets) >= 10
    small = [one for one in targets if min(one["width"], one["height"]) < LEAST_TARGET]
    assert not small, small
    pale = [one for one in page.evaluate(MEASURE_CONTRAST) if one["ratio"] < LEAST_CONTRAST]
    assert not pale, pale


def test_two_taps_without_a_script(town, warned, open_page):
    matter, link = warned
    page = open_page(link)
    page.locator("input[name=mode][value=phone]").check()
    page.get_by_role("button", name="登记回应").click()
    assert page.get_by_role("status").inner_text().startswith(("已提交,等待计入", "已计入"))
    page.get_by_text(re.compile("已计入")).wait_for(timeout=20_000)
    picture(page, "answer-counted-zh-CN")
    town.daemon.wait_for_state(matter, "met")
    assert page.get_by_role("button", name="登记回应").count() == 0


def test_a_plan_is_typed_and_counted(town, warned, open_page):
    matter, link = warned
    page = open_page(link, "en")
    page.locator("summary").click()
    page.locator("input[name=unit]").fill("供电公司")
    page.locator("input[name=plan]").fill("DOC-551")
    page.get_by_role("button", name="Record the plan").click()
    page.get_by_text(re.compile(r"^Counted")).wait_for(timeout=20_000)
    picture(page, "answer-planned-en")
    town.daemon.wait_for_state(matter, "met", "A22.solution")


def test_an_overdue_matter_and_a_link_that_opens_nothing(town, open_page):
    _, matter = town.complain(town.enterprise(), events.due_in(1.5))
    told = eventually(lambda: town.receiver.told(matter, "N13", STAFF), what="N13")[0]
    page = open_page(told.data["link"])
    assert "已超" in page.locator("h1").inner_text()
    picture(page, "answer-overdue-zh-CN")
    page = open_page(told.data["link"][:-4])
    assert page.locator("h1").inner_text() == "链接无效"
    picture(page, "answer-refused")
    page.close()


def test_the_page_loads_nothing_from_elsewhere_and_breaks_no_policy(warned, open_page):
    page = open_page("about:blank", scripts=True)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(warned[1])
    assert {url.rsplit("/", 1)[-1] for url in asked[1:]} <= {"answer.css", "favicon.ico"}
    assert all(url.split("/")[2] == warned[1].split("/")[2] for url in asked)
    assert not [text for text in complaints if "favicon" not in text and "404" not in text]
