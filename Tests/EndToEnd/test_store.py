"""One database belongs to one process, and shows every change that is not its own."""

import contextlib
import re
import shutil
import sqlite3

from support import events
from support.daemon import run
from support.events import STAFF
from support.waiting import eventually


def test_second_process_on_the_same_database_ends_with_a_clear_word(own_town):
    town = own_town
    # Everything but the database is its own.
    second = town.installation.folder / "second.yaml"
    text = town.installation.file.read_text()
    second.write_text(text.replace(f"127.0.0.1:{town.installation.port}", "127.0.0.1:0"))
    result = run("serve", "--config", second, timeout=20)
    assert result.returncode == 69
    assert str(town.installation.database) in result.stderr
    assert str(town.daemon.process.pid) in result.stderr, "it names the process that has it"

    _, matter = town.complain(town.enterprise(), events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    assert town.daemon.is_ready()


def test_second_process_on_the_same_port_ends_with_a_clear_word(own_town):
    town = own_town
    folder = town.installation.folder / "second"
    folder.mkdir()
    shutil.copy(town.installation.folder / "directory.yaml", folder)
    shutil.copy(town.installation.file, folder)
    result = run("serve", "--config", folder / "dutyclock.yaml", timeout=30)
    assert result.returncode == 69
    assert f"127.0.0.1:{town.installation.port}" in result.stderr
    assert town.daemon.is_ready()


def verified(town):
    return run("audit", "verify", "--config", town.installation.file)


def with_history(town):
    """Journal and ledger get some rows."""
    enterprise = town.enterprise()
    fine = events.number("FN")
    town.send(events.fine_issued(fine, enterprise, 2_000_001, events.ago(minutes=2)))
    town.send(events.fine_attributed(fine, enterprise, events.ago(minutes=1)))
    _, matter = town.complain(enterprise, events.now())
    town.receiver.wait_for(matter, "N10", [STAFF, "@group"])
    eventually(lambda: len(town.daemon.ledger(fine)["entries"]) == 2)


def test_audit_of_an_untouched_database_is_sound(own_town):
    with_history(own_town)
    beside = verified(own_town)
    assert beside.returncode == 0, beside.stderr
    own_town.daemon.stop()
    result = verified(own_town)
    assert result.returncode == 0, result.stderr
    assert "sound" in result.stdout
    assert "ledger 2" in result.stdout


def test_audit_of_an_older_file_says_what_to_do(own_town):
    with_history(own_town)
    own_town.daemon.stop()
    with sqlite3.connect(own_town.installation.database) as database:
        database.execute("DELETE FROM grdb_migrations WHERE identifier = 'how many matters are open'")
    result = verified(own_town)
    assert result.returncode == 65 and "serve" in result.stderr and "较早版本" in result.stderr
    english = run("audit", "verify", "--config", own_town.installation.file, "--locale", "en")
    assert english.returncode == 65 and "run serve of this version on it once" in english.stderr


def test_audit_names_the_row_of_one_changed_byte(own_town):
    with_history(own_town)
    own_town.daemon.stop()
    for chain in ("journal", "ledger"):
        rows = query(own_town, f"SELECT sequence FROM {chain} ORDER BY sequence")
        (row,) = rows[len(rows) // 2]
        flip_a_bit(own_town, chain, row)
        result = verified(own_town)
        assert result.returncode == 65
        assert re.search(rf"{chain}\D+{row}\b", result.stderr), result.stderr
        flip_a_bit(own_town, chain, row)
        assert verified(own_town).returncode == 0, "as it was"


def query(town, sql, *values) -> list:
    """What the database answers, past the program."""
    with contextlib.closing(sqlite3.connect(town.installation.database)) as db, db:
        return db.execute(sql, values).fetchall()


def flip_a_bit(town, chain, row):
    ((body,),) = query(town, f"SELECT body FROM {chain} WHERE sequence = ?", row)
    body = bytearray(body)
    body[len(body) // 2] ^= 1
    query(town, f"UPDATE {chain} SET body = ? WHERE sequence = ?", bytes(body), row)


def test_audit_notices_a_row_that_is_gone(own_town):
    with_history(own_town)
    own_town.daemon.stop()
    query(own_town, "DELETE FROM journal WHERE sequence = 3")
    result = verified(own_town)
    assert result.returncode == 65
    assert re.search(r"journal\D+[34]\b", result.stderr)


def test_audit_without_a_database_says_so(broker, build):
    town = build(broker.bootstrap)
    result = verified(town)
    assert result.returncode == 69
    assert str(town.installation.database) in result.stderr
