"""Article 22, the other half: who bears how much of a fine, to the last fen."""

import hashlib

from support import events
from support.events import BACKUP, HEAD, LEADER, OFFICE, STAFF
from support.waiting import always, eventually


def split(total: int, people: list[str]) -> dict[str, int]:
    """Equal parts by largest remainder: the odd fen go to the lowest references."""
    base, odd = divmod(total, len(people))
    return {person: base + (place < odd) for place, person in enumerate(sorted(people))}


def shares(fine: int, leaders: list[str], staff: list[str]) -> dict[str, int]:
    """Half of the fine, rounded down, 1 : 1 between the roles with the odd fen to the leaders."""
    half = fine // 2
    for_staff = half // 2
    return split(half - for_staff, leaders) | split(for_staff, staff)


def sums(town, fine) -> dict[str, int]:
    return {one["personRef"]: one["amountFen"] for one in town.daemon.ledger(fine)["balances"]}


def yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def fined(town, fen: int, staff=(STAFF, BACKUP)) -> tuple[str, str]:
    """A fine on a new enterprise, found to be due to bad service."""
    enterprise = town.enterprise(staff=staff)
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, fen, events.ago(minutes=5)))
    town.send(events.fine_attributed(fine, enterprise, events.ago(minutes=1)))
    return fine, enterprise


def test_issued_fine_waits_for_a_decision(town):
    fine = events.number("FN")
    town.send(events.fine_issued(fine, town.enterprise(), 2_000_001, events.now()))
    town.receiver.wait_for(f"fine/{fine}", "N70", [HEAD, OFFICE])
    assert town.daemon.ledger(fine)["entries"] == []


def test_shares_are_exact_and_each_hears_only_their_own(town):
    fine, _ = fined(town, 33_333_333)
    matter = f"fine/{fine}"
    expected = shares(33_333_333, [LEADER], [STAFF, BACKUP])
    assert expected == {LEADER: 8_333_333, BACKUP: 4_166_667, STAFF: 4_166_666}
    eventually(lambda: sums(town, fine) == expected, what=f"shares {expected}")

    for delivery in town.receiver.wait_for(matter, "N72", [LEADER, STAFF, BACKUP]):
        text = delivery.data["text"].replace(",", "")
        assert yuan(expected[delivery.person]) in text
        for person, fen in expected.items():
            assert person == delivery.person or yuan(fen) not in text
    assert not any(one.is_group for one in town.receiver.told(matter)), "money is never group talk"


def test_every_odd_fen_has_an_owner(town):
    for fen in (0, 1, 2, 3, 99, 101, 1_000_001):
        fine, _ = fined(town, fen)
        expected = shares(fen, [LEADER], [STAFF, BACKUP])
        eventually(lambda f=fine, e=expected: sums(town, f) == e, what=f"{fen} fen as {expected}")
        assert sum(expected.values()) == fen // 2


def test_revision_posts_exact_differences(town):
    fine, enterprise = fined(town, 2_000_001)
    people = ([LEADER], [STAFF, BACKUP])
    before, after = shares(2_000_001, *people), shares(1_200_003, *people)
    eventually(lambda: sums(town, fine) == before)

    town.send(events.fine_revised(fine, enterprise, 2, 1_200_003, events.now()))
    eventually(lambda: sums(town, fine) == after, what=f"shares {after}")
    adjusted = [one for one in town.daemon.ledger(fine)["entries"] if one["revision"] == 2]
    assert {one["kind"] for one in adjusted} == {"adjust"}
    assert {one["personRef"]: one["amountFen"] for one in adjusted} == {
        person: after[person] - before[person] for person in before
    }
    for delivery in town.receiver.wait_for(f"fine/{fine}", "N73", [LEADER, STAFF, BACKUP]):
        text = delivery.data["text"].replace(",", "")
        for amount in (before[delivery.person], after[delivery.person], 2_000_001, 1_200_003):
            assert yuan(amount) in text


def test_revoked_fine_leaves_nothing_owed_and_everything_written(town):
    fine, enterprise = fined(town, 500_000)
    eventually(lambda: sum(sums(town, fine).values()) == 250_000)
    town.send(events.fine_revoked(fine, enterprise, 2, events.now()))
    eventually(lambda: set(sums(town, fine).values()) == {0})
    entries = town.daemon.ledger(fine)["entries"]
    assert [one["kind"] for one in entries] == ["allocate"] * 3 + ["reverse"] * 3
    assert sum(one["amountFen"] for one in entries) == 0


def test_fine_that_nobody_is_to_blame_for(town):
    enterprise = town.enterprise()
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, 500_000, events.ago(minutes=5)))
    town.send(events.fine_attributed(fine, enterprise, events.now(), attributable=False))
    town.daemon.wait_for_state(f"fine/{fine}", "met", "A22.attribution")
    always(lambda: town.daemon.ledger(fine)["entries"] == [], during=1)
    assert not town.receiver.told(f"fine/{fine}", "N72")


def test_part_of_a_role_without_people_is_held(town):
    fine, _ = fined(town, 1_500_000, staff=())
    eventually(lambda: sums(town, fine) == {LEADER: 375_000, None: 375_000})
    town.receiver.wait_for(f"fine/{fine}", "N74", [OFFICE])


def test_entries_form_a_chain(town):
    fined(town, 77_777)
    entries = eventually(lambda: town.daemon.api.get("/api/v1/ledger")["entries"])
    assert [one["seq"] for one in entries] == list(range(1, len(entries) + 1))
    for before, after in zip(entries, entries[1:], strict=False):
        assert after["prevHash"] == before["hash"]
    assert len({one["hash"] for one in entries}) == len(entries)
    assert len({one["entryId"] for one in entries}) == len(entries)
    assert all(len(bytes.fromhex(one["hash"])) == hashlib.sha256().digest_size for one in entries)
