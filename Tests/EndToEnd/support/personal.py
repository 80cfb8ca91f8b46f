"""Finds personal data in what the program shows: by form and check digit, and by the names of the directory.

Written from the rules of the field, not from the program's own filter, which this is there to check.
"""

import re

MOBILE = re.compile(r"(?<!\d)(?:(?:00)?86)?1[3-9]\d{9}(?!\d)")
IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
# Not what is a moment of these years in milliseconds or microseconds: no bank's numbers begin like that.
CARD = re.compile(r"(?<!\d)(?!1[6-9]\d{11}(?:\d{3})?(?!\d))\d{13,19}(?!\d)")
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_check(first_17: str) -> str:
    """The 18th character of an identity number (GB 11643)."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS)) % 11]


def is_identity(number: str) -> bool:
    return identity_check(number[:17]) == number[17].upper()


def is_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


class Detector:
    """Says what in a text belongs to a person; `names` are those that nothing may show."""

    def __init__(self, names=()):
        self.names = re.compile("|".join(map(re.escape, names))) if names else None

    def found(self, text: str) -> list[str]:
        # How long something took, in nanoseconds, is a number of eleven digits from ten seconds on.
        text = re.sub(r'"event\.duration":\d+', "", text)
        found = [f"mobile number {one[0]}" for one in MOBILE.finditer(text)]
        found += [f"identity number {one[0]}" for one in IDENTITY.finditer(text) if is_identity(one[0])]
        found += [f"bank card {one[0]}" for one in CARD.finditer(text) if is_luhn(one[0])]
        found += [f"mail address {one[0]}" for one in MAIL.finditer(text)]
        if self.names:
            found += [f"name {one[0]}" for one in self.names.finditer(text)]
        return found
