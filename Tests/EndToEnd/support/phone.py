"""A link as a phone opens it, without a browser: plain requests, and the forms of a page."""

import re
import urllib.parse
from dataclasses import dataclass
from html.parser import HTMLParser

from support.daemon import API


@dataclass
class Form:
    fields: dict[str, str]
    names: set[str]


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append(Form({}, set()))
        elif tag == "input" and self.forms:
            self.forms[-1].names.add(given["name"])
            if given.get("type") == "hidden":
                self.forms[-1].fields[given["name"]] = given["value"]


class Phone:
    """Opens one link; keeps no state between two requests, as the server needs none."""

    def __init__(self, link: str):
        address = urllib.parse.urlsplit(link)
        self.path = address.path
        self.api = API(address.port)

    def look(self, query="", language="zh-CN") -> tuple[int, str]:
        status, body = self.api.request("GET", self.path + query, headers={"accept-language": language})
        return status, body.decode()

    def forms(self) -> dict[str, Form]:
        """The forms of the page by what they do."""
        parser = _Forms()
        parser.feed(self.look()[1])
        return {form.fields["do"]: form for form in parser.forms}

    def hand_in(self, do: str, form: Form | None = None, headers=None, **fields) -> tuple[int, str]:
        """Fills a form of the page, or that one, and sends it as a browser does."""
        form = form or self.forms()[do]
        body = urllib.parse.urlencode(form.fields | fields)
        kind = {"content-type": "application/x-www-form-urlencoded"}
        status, answer = self.api.request("POST", self.path, body, kind | (headers or {}))
        return status, answer.decode()

    def text(self, query="", language="zh-CN") -> str:
        """What a person reads."""
        page = re.sub(r"(?s)<head>.*?</head>", "", self.look(query, language)[1])
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
