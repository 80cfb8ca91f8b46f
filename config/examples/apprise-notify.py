#!/usr/bin/env python3
"""把一条通知交给 Apprise。 Hands one notification of dutyclock to Apprise (https://pypi.org/project/apprise).

    channels:
      tools: { type: command, run: [/usr/bin/python3, /etc/dutyclock/apprise-notify.py, /etc/dutyclock/apprise.yaml] }

Arguments are configuration files of Apprise or its URLs. In a file, tag a URL with the reference of a person (P-1032)
and that person's notifications go there alone; the tag `group` stands for the group, and `all` hears everything.
"""

import json
import pathlib
import sys

import apprise

SENT, FAILED, NOBODY = 0, 75, 69


def main(places: list[str]) -> int:
    data = json.load(sys.stdin)["data"]
    notifier = apprise.Apprise()
    files = [place for place in places if pathlib.Path(place).is_file()]
    for file in files:
        configuration = apprise.AppriseConfig()
        configuration.add(file)
        notifier.add(configuration)
    for url in places:
        if url not in files:
            notifier.add(url)
    person = data["recipient"]["personRef"]
    # URLs among the arguments have no tags and serve everybody.
    chosen = {"tag": ["group" if person == "@group" else person, "all"]} if files else {}
    if not list(notifier.find(**chosen)):
        return NOBODY
    return SENT if notifier.notify(title=data["title"], body=data["text"], **chosen) else FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
