"""A real browser for the pages."""

import contextlib

from playwright.sync_api import sync_playwright

from support.installation import PROJECT

CHROMIUM = "/usr/bin/chromium"
# What a run leaves for people to look at.
SCREENSHOTS = PROJECT / ".build" / "test-logs" / "screenshots"


@contextlib.contextmanager
def chromium():
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
