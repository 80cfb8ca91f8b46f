"""kill -9 at any moment: nothing is lost, nobody is told twice without doubt, the books stay sound."""

import os
import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from support import events
from support.broker import IS_FOREIGN
from support.daemon import run
from support.events import LEADER, STAFF
from support.histories import Histories
from support.waiting import PATIENCE, eventually

ENTERPRISES = 12
# A batch is sent this often, in seconds; it holds this many appeals and plain complaints.
PACE = 0.1
APPEALS, OTHERS = 3, 9
# A line of progress after so many crashes.
PROGRESS = 20
# Messages that a crash may leave in doubt: twice what the channel sends at a time.
UNDER_WAY = 128


@dataclass
class Appeal:
    """What we know of one complaint because we sent it."""

    number: str
    enterprise: str
    filed: datetime
    answered: datetime | None = None
    sent: set[str] = field(default_factory=set)

    @property
    def matter(self) -> str:
        return f"complaint/{self.number}"

    @property
    def due(self) -> datetime:
        return self.filed + events.HALF_HOUR

    @property
    def is_in_time(self) -> bool:
        return self.answered is not None and self.answered <= self.due


class Load(threading.Thread):
    """Sends complaints and answers as long as it is not told to stop."""

    def __init__(self, town, seed):
        super().__init__(daemon=True)
        self.town = town
        self.random = random.Random(seed)
        self.in_park = [town.enterprise() for _ in range(ENTERPRISES)]
        self.outside = [town.enterprise(in_park=False) for _ in range(ENTERPRISES)]
        self.appeals: list[Appeal] = []
        self.others: dict[str, set[str]] = {}
        self.later: list[tuple[float, Appeal]] = []
        self.histories = Histories(self.put, self.random, self.in_park)
        self.ending = threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.ending.wait(PACE):
                for _ in range(APPEALS):
                    self.file()
                for _ in range(OTHERS):
                    self.file_outside()
                self.answer()
                self.histories.step()
                self.town.kafka.producer.poll(0)
            self.town.kafka.flush()
        except Exception as error:  # shown by the test
            self.failure = error

    def put(self, event):
        # Some come twice, as they do from producers that retry.
        for _ in range(2 if self.random.random() < 0.05 else 1):
            self.town.kafka.put(self.town.topics.intake, event)

    def file(self):
        filed = events.due_in(self.random.uniform(0.4, 5))
        appeal = Appeal(events.number("CP"), self.random.choice(self.in_park), filed)
        event = events.filed(appeal.number, appeal.enterprise, filed)
        appeal.sent.add(event["id"])
        self.put(event)
        self.appeals.append(appeal)
        fate = self.random.random()
        if fate < 0.3:
            appeal.answered = filed + timedelta(minutes=self.random.randint(1, 29))
            self.later.append((time.time() + self.random.uniform(0, 8), appeal))
        elif fate < 0.45:
            appeal.answered = appeal.due + timedelta(seconds=1)
            self.later.append((appeal.answered.timestamp() + self.random.uniform(0, 4), appeal))

    def answer(self, everything=False):
        waiting, self.later = self.later, []
        for moment, appeal in waiting:
            if moment > time.time() and not everything:
                self.later.append((moment, appeal))
                continue
            event = events.responded(appeal.number, appeal.enterprise, appeal.answered)
            appeal.sent.add(event["id"])
            self.put(event)

    def file_outside(self):
        number = events.number("CQ")
        event = events.filed(number, self.random.choice(self.outside), events.now())
        self.put(event)
        self.others[number] = {event["id"]}

    def finish(self):
        self.ending.set()
        self.join(30 * PATIENCE)
        assert not self.is_alive() and not self.failure, self.failure
        time.sleep(max(0, max((one.due.timestamp() for one in self.appeals), default=0) + 1.2 - time.time()))
        self.answer(everything=True)
        self.histories.finish()
        self.town.kafka.flush()


class Killer:
    """Ends the daemon without warning: at its start, some time after it, or while a message is on its way."""

    def __init__(self, town, random_source):
        self.town = town
        self.random = random_source
        self.kinds = Counter()

    def strike(self):
        kind = self.random.choices(["start", "running", "sending"], [2, 4, 4])[0]
        self.kinds[kind] += 1
        daemon = self.town.daemon
        daemon.spawn()
        if kind == "start":
            time.sleep(self.random.uniform(0.0, 0.6))
        else:
            self.wait_for_work()
            if kind == "sending":
                self.wait_for_delivery(self.random.randint(1, 40))
            else:
                time.sleep(self.random.uniform(0.0, 0.9))
        daemon.require_alive()
        daemon.kill()

    def wait_for_work(self):
        daemon = self.town.daemon

        def has_partitions():
            daemon.require_alive()
            return b"partition.assigned" in daemon.runs[-1].read_bytes()

        eventually(has_partitions, 30, every=0.02, what="partitions")

    def wait_for_delivery(self, count):
        """Until the receiver has the request in hand and has not answered."""
        reached = threading.Event()
        left = [count]

        def noticed(_):
            left[0] -= 1
            if left[0] <= 0:
                reached.set()

        self.town.receiver.on_delivery = noticed
        reached.wait(2)
        self.town.receiver.on_delivery = None


def test_crashes_lose_nothing_and_repeat_nothing(crash_broker, build):
    crash(build, crash_broker, int(os.environ.get("CRASHES", "50")))


def test_stops_under_load_lose_nothing_and_leave_no_doubt(crash_broker, build):
    """SIGTERM, unlike a crash, lets what is on its way arrive."""
    town, load = begin(build, crash_broker, int(os.environ.get("SEED", time.time_ns() % 1_000_000)))
    for _ in range(6):
        town.daemon.start(60)
        time.sleep(load.random.uniform(0.1, 1.5))
        code, _ = town.daemon.stop()
        assert code == 0
    load.finish()
    town.daemon.start(60)
    assert judge(town, load)["uncertain"] == 0


@pytest.mark.soak
def test_crashes_for_a_long_time(crash_broker, build):
    crash(build, crash_broker, int(os.environ.get("CRASHES", "1000")))


@pytest.fixture
def crash_broker(request):
    return request.getfixturevalue("broker" if IS_FOREIGN else "own_broker")


def begin(build, broker, seed):
    """A town that is not running yet, and its load, which is."""
    # A short session: whoever follows the dead one gets its partitions at once.
    town = build(broker.bootstrap, **({} if IS_FOREIGN else {"session": 1000}))
    load = Load(town, seed)
    load.start()
    return town, load


def crash(build, broker, crashes):
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    print(f"SEED={seed} CRASHES={crashes}")
    town, load = begin(build, broker, seed)
    killer = Killer(town, random.Random(seed + 1))
    began = time.monotonic()
    for number in range(1, crashes + 1):
        killer.strike()
        if number % PROGRESS == 0:
            print(f"{number} of {crashes} crashes in {time.monotonic() - began:.0f} s, {len(load.appeals)} appeals")
    load.finish()

    print("the last start, and the judgement")
    town.daemon.start(60)
    states = judge(town, load)
    assert states["uncertain"] <= crashes * UNDER_WAY, "doubt is about what was under way"
    entries = town.daemon.api.get("/api/v1/ledger")["entries"]
    code, _ = town.daemon.stop()
    assert code == 0
    audit = run("audit", "verify", "--config", town.installation.file, timeout=120)
    assert audit.returncode == 0, audit.stderr
    assert entries and re.search(rf"ledger {len(entries)}: sound", audit.stdout), audit.stdout
    print(f"{dict(killer.kinds)}, {len(load.appeals)} appeals, {len(load.others)} others, {dict(states)}")
    print(f"{len(load.histories.all)} other histories, {len(entries)} entries in the ledger")


def judge(town, load) -> Counter:
    """Compares what the daemon says, and what the receiver heard, with what was sent; how many rows in which state."""
    last = {one.enterprise: one for one in load.appeals}
    for appeal in last.values():
        eventually(lambda a=appeal: facts(town.daemon.matter(a.matter)) == a.sent, 60, what=f"{appeal.matter} complete")
    # Each enterprise is one partition's, whose last event is there now or comes after its appeals.
    for history in load.histories.all:
        eventually(lambda h=history: facts(town.daemon.matter(h.matter)) == h.sent, 60, what=f"{history.matter} complete")
    eventually(lambda: town.daemon.metric("timers_overdue") == 0, 30, what="no timer overdue")
    eventually(lambda: town.daemon.metric("outbox_pending") == 0, 60, what="nothing left to send")

    heard = Counter(one.data["notificationId"] for one in town.receiver.deliveries)
    with ThreadPoolExecutor(4) as pool:
        matters = list(pool.map(lambda one: town.daemon.matter(one.matter), load.appeals))
        outside = list(pool.map(lambda one: town.daemon.matter(f"complaint/{one}"), load.others))
    problems = []
    rows = {}
    for appeal, matter in zip(load.appeals, matters, strict=True):
        problems += [f"{appeal.matter}: {one}" for one in judge_appeal(appeal, matter, heard)]
        rows |= {one["notificationId"]: one for one in (matter or {"notifications": []})["notifications"]}
    for (number, sent), matter in zip(load.others.items(), outside, strict=True):
        if facts(matter) != sent:
            problems.append(f"complaint/{number}: facts {facts(matter)}, sent {sent}")
        elif matter["obligations"] or matter["notifications"]:
            problems.append(f"complaint/{number}: a clock outside the park")
    for history in load.histories.all:
        matter = town.daemon.matter(history.matter)
        is_fine = history.matter.startswith("fine/")
        problems += history.problems(matter, town.daemon.ledger(history.matter[5:]) if is_fine else None)
        rows |= {one["notificationId"]: one for one in matter["notifications"]}
    problems += judge_deliveries(rows, heard)
    assert not problems, f"{len(problems)} problems:\n" + "\n".join(problems[:30])
    return Counter(one["state"] for one in rows.values())


def facts(matter) -> set[str]:
    if matter is None:
        return set()
    ids = [one["id"] for one in matter["facts"]]
    assert len(ids) == len(set(ids)), f"a fact twice in {matter['id']}"
    return set(ids)


def judge_appeal(appeal, matter, heard):
    if facts(matter) != appeal.sent:
        yield f"facts {facts(matter)}, sent {appeal.sent}"
        return
    response = [one for one in matter["obligations"] if one["ruleId"] == "A22.response"]
    solution = [one for one in matter["obligations"] if one["ruleId"] == "A22.solution"]
    if len(response) != 1 or len(solution) != 1 or solution[0]["state"] != "open":
        yield f"obligations {matter['obligations']}"
        return
    state, breached = response[0]["state"], response[0]["breachedAt"] is not None
    expected = ("met", False) if appeal.is_in_time else ("met", True) if appeal.answered else ("breached", True)
    if (state, breached) != expected:
        yield f"response {response[0]}, expected {expected}"
    if events.moment(response[0]["dueAt"]) != appeal.due:
        yield f"due {response[0]['dueAt']}, expected {appeal.due}"
    yield from judge_alarms(appeal, matter["notifications"])
    for row in matter["notifications"]:
        if row["state"] not in ("sent", "uncertain"):
            yield f"{row['notificationId']} is {row['state']}"
        if row["state"] == "sent" and not heard[row["notificationId"]]:
            yield f"{row['notificationId']} counts as sent and was not heard"


def judge_alarms(appeal, rows):
    # Whoever does not say that they have heard is told again, under a key of its own; a long run sees that.
    rows = [one for one in rows if not REPEATED.search(one["notificationId"])]
    told = {code: sorted(one["recipient"]["personRef"] for one in rows if one["code"] == code) for code in CODES}
    everybody = sorted([STAFF, LEADER, "@group"])
    if appeal.answered is None and told["N13"] != everybody:
        yield f"N13 to {told['N13']}"
    if appeal.answered is None and (told["N15"] or told["N25"]):
        yield f"all-clear for nothing: {told}"
    if appeal.answered and not appeal.is_in_time and told["N15"] != everybody:
        yield f"N15 to {told['N15']}"
    if appeal.is_in_time:
        alarms = sorted(one["notificationId"] for one in rows if one["code"] == "N13")
        if told["N25"] != told["N13"] or told["N15"]:
            yield f"alarms {alarms}, taken back {told['N25']}, N15 {told['N15']}"
    # The clock's start or a warning, whichever was the latest, and to the group its start.
    if appeal.answered is None and STAFF not in told["N10"] + told["N11"] + told["N12"] + told["N13"]:
        yield f"the owner heard nothing: {told}"


CODES = ["N10", "N11", "N12", "N13", "N15", "N25"]
REPEATED = re.compile(r"\.r\d+\|")


def judge_deliveries(rows, heard):
    for key, count in heard.items():
        if key.split("|")[1].startswith("complaint/") and key not in rows:
            yield f"{key} was heard and is on no record"
        elif count > 1:
            outcomes = [one["outcome"] for one in rows.get(key, {"attempts": []})["attempts"]]
            if "uncertain" not in outcomes:
                yield f"{key} was heard {count} times, attempts {outcomes}"
