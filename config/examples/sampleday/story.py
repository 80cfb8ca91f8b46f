"""What happens on the sample day, and on the two days that let its clocks run out.

Each special complaint says beside it what should come of it: response and solution of each cycle.
"""

from .cast import CLERK, NEW_WITH_OWNER, NEW_WITHOUT_OWNER, PARK_NAMES, STAFF, STAFF_GAP, Cast
from .complaint import Complaint
from .enforcement import tell_enforcement
from .events import Day, minutes, moment, rfc3339

IN, LATE, OPEN, CANCELLED, STOPPED, RUNNING = "inTime", "late", "open", "cancelled", "breachedStopped", "running"
SEED = 20261123


class Story:
    def __init__(self):
        self.day = Day(SEED)
        self.cast = Cast(self.day)
        self.complaints = []
        self.plans = 0

    def tell(self):
        self.cast.before_eight()
        self.answers_and_disorder()
        self.withdrawals_and_cycles()
        self.corrections()
        self.changes_of_roster()
        self.changes_of_enterprise()
        self.plans_and_their_clock()
        self.nights_and_later_days()
        self.ordinary_appeals()
        self.other_complaints()
        tell_enforcement(self.day, self.cast)
        self.bad_input()
        return self

    def appeal(self, number, filed, note="", expect=(IN, IN), **options):
        return Complaint(self, f"E-000{number}", filed, note, expect, **options)

    def answers_and_disorder(self):
        one = self.appeal(401, "23 08:12", "filed and response delivered twice")
        one.responded("23 08:25").close()
        self.day.repeat(one.filed, "23 08:14:20")
        self.day.repeat(one.last_response, "23 08:31:05")
        (self.appeal(402, "23 08:20", "a second response under another id")
            .responded("23 08:31").responded("23 08:55", by=self.cast.leader["E-000402"], role="park.leader").close())
        (self.appeal(403, "23 08:35", "response arrives before the filing", arrives="23 08:52")
            .responded("23 08:44", arrives="23 08:45:30").close())
        (self.appeal(404, "23 08:40", "filing arrives 45 min late, answered after that", (LATE, IN), arrives="23 09:25")
            .responded("23 09:33").close())
        (self.appeal(405, "23 09:05", "filing arrives 45 min late, timely response after it", arrives="23 09:50")
            .responded("23 09:20", arrives="23 09:53").close())
        (self.appeal(406, "23 14:15", "filing arrives 45 min late, response was waiting for it", arrives="23 15:00")
            .responded("23 14:25").close())
        (self.appeal(407, "23 09:10", "timely response arrives after the breach")
            .responded("23 09:28", arrives="23 10:02").close())
        self.appeal(408, "23 09:15", "late response", (LATE, IN)).responded("23 09:58").close()
        self.appeal(409, "23 09:22", "no response for more than an hour", (LATE, IN)).responded("23 10:41").close()
        self.appeal(410, "23 09:30", "plan instead of a response").solution("23 09:52").resolved("24 15:10").rated("24 17:00", 5)
        self.appeal(411, "23 09:40", "plan instead of a response, after 30 min", (LATE, IN)).solution("23 11:05")
        (self.appeal(412, "23 09:45", "automatic receipt, then a person in time")
            .responded("23 09:45:20", auto=True).responded("23 10:05").close())
        (self.appeal(413, "23 09:55", "automatic receipt, then a person too late", (LATE, IN))
            .responded("23 09:55:15", auto=True).responded("23 10:58").close())
        (self.appeal(414, "23 10:00", "response by a role that does not count, then late", (LATE, IN))
            .responded("23 10:08", by="P-4001", role="hall.window").responded("23 10:52").close())
        (self.appeal(415, "23 13:05", "response exactly at the due moment, delivered 4 min later")
            .responded("23 13:35", arrives="23 13:39").close())
        (self.appeal(416, "23 09:18", "response entered a day later for the day before")
            .solution("23 13:40").responded("23 09:36", recorded="24 10:50", arrives="24 10:50:06"))
        (self.appeal(417, "23 11:05", "filing 20 min in the future", (LATE, IN), arrives="23 10:45:00")
            .responded("23 11:24").close())
        self.appeal(419, "23 08:50", "orphan: its filing never comes", (), numbered=False).responded("23 09:02")

    def withdrawals_and_cycles(self):
        self.appeal(420, "23 10:10", "withdrawn before the breach", (CANCELLED, CANCELLED)).withdrawn("23 10:22")
        self.appeal(421, "23 10:15", "withdrawn after the breach", (STOPPED, CANCELLED)).withdrawn("23 11:05")
        (self.appeal(422, "23 10:25", "withdrawn, then answered", (CANCELLED, CANCELLED))
            .withdrawn("23 10:36").responded("23 10:44"))
        (self.appeal(423, "23 14:20", "answered, then withdrawn by the desk", (IN, CANCELLED))
            .responded("23 14:31").withdrawn("23 16:00", by="intake", reason="与在办事项合并办理"))
        (self.appeal(424, "23 08:15", "resolved, reopened, answered in time", (IN, IN, IN, IN))
            .responded("23 08:27").solution("23 09:40").resolved("23 11:30")
            .reopened("23 14:10").responded("23 14:28").solution("23 16:50").resolved("24 11:15").rated("24 14:05", 4))
        (self.appeal(425, "23 08:30", "resolved, reopened, answered late", (IN, IN, LATE, IN))
            .responded("23 08:41").solution("23 09:35").resolved("23 10:45")
            .reopened("23 15:00").responded("23 15:47").solution("24 10:10"))
        (self.appeal(426, "23 10:30", "reopened without having been resolved")
            .responded("23 10:41").solution("23 13:00").reopened("23 15:20"))

    def corrections(self):
        (self.appeal(427, "23 10:50", "moment of filing corrected to earlier", (LATE, IN))
            .responded("23 11:14").corrected("23 10:35", "23 11:40").close())
        (self.appeal(428, "23 11:00", "moment of filing corrected to later", recorded="23 11:20:40", arrives="23 11:21")
            .responded("23 11:38").corrected("23 11:20", "23 11:50").close())
        # Two desks wrote down the same call; the second entry is voided after its first warning.
        twice = ("A22", "厂区门前路灯不亮,夜班职工出行不便", "园区建设局")
        self.appeal(429, "23 11:08", "the entry that stays", matter=twice, channel="phone").responded("23 11:21").close()
        self.appeal(429, "23 11:10", "voided after a warning", (), matter=twice, channel="12345").voided("23 11:32")

    def changes_of_roster(self):
        mid_case = self.appeal(412, "23 11:20", "owner changes while the clock runs", (LATE, IN))
        change = moment("23 11:28")
        self.cast.end("E-000412", "park.staff", change)
        self.cast.assign(STAFF[6], "park.staff", {"enterpriseId": "E-000412"}, rfc3339(change), at=change + minutes(1))
        mid_case.responded("23 11:57").close()
        gap = self.appeal(418, "23 13:00", "nobody is owner, the backup answers")
        gap.responded("23 13:26", by=STAFF[4]).close()
        self.cast.assign(STAFF[0], "park.staff", {"enterpriseId": STAFF_GAP}, "2026-11-24", at=moment("24 08:30"))

    def changes_of_enterprise(self):
        cast = self.cast
        cast.register(NEW_WITHOUT_OWNER, f"衡阳{PARK_NAMES[35]}有限公司", moment("23 10:05"))
        scope = {"enterpriseId": NEW_WITHOUT_OWNER}
        start = moment("23 10:06")
        cast.assign("P-0112", "park.leader", scope, rfc3339(start), at=start)
        self.appeal(436, "23 10:20", "new enterprise without an owner, the leader answers").responded(
            "23 10:44", by="P-0112", role="park.leader").close()
        start = moment("23 10:55")
        cast.assign(STAFF[1], "park.staff", scope, rfc3339(start), at=start)
        cast.register(NEW_WITH_OWNER, f"衡阳{PARK_NAMES[36]}有限公司", moment("23 13:30"))
        start = moment("23 13:31")
        for person, role in [("P-0114", "park.leader"), (STAFF[5], "park.staff")]:
            cast.assign(person, role, {"enterpriseId": NEW_WITH_OWNER}, rfc3339(start), at=start)
        self.appeal(437, "23 16:20", "new enterprise with an owner").responded("23 16:31").close()
        self.appeal(433, "23 11:30", "enterprise deregistered while open", (IN, CANCELLED)).responded("23 11:44")
        self.deregister("E-000433", "23 14:00", "cancelled")
        moved = self.appeal(434, "23 11:40", "enterprise merged into E-000405 while open").responded("23 11:52")
        self.deregister("E-000434", "23 15:00", "merged", into="E-000405")
        moved.enterprise = "E-000405"
        moved.solution("24 10:20")

    def deregister(self, enterprise, at, reason, into=None):
        at = moment(at)
        data = {"enterpriseId": enterprise, "at": rfc3339(at), "reason": reason} | ({"mergedInto": into} if into else {})
        self.day.emit("enterprise.deregistered", data, at, source="/hyx/xidu-park/registry",
                      subject=f"enterprise/{enterprise}", key=enterprise)

    def plans_and_their_clock(self):
        self.appeal(430, "23 09:12", "plan never comes", (IN, OPEN)).assigned("23 09:15").responded("23 09:30")
        self.appeal(431, "23 16:45", "neither response nor plan", (OPEN, OPEN))
        (self.appeal(432, "23 13:10", "plan exactly at the due moment, delivered 6 min later")
            .responded("23 13:21").solution("24 13:10", arrives="24 13:16"))
        self.appeal(401, "23 13:15", "late plan", (IN, LATE)).responded("23 13:29").solution("24 16:20").resolved("25 11:00")
        (self.appeal(402, "23 13:20", "timely plan arrives after the breach")
            .responded("23 13:34").solution("24 12:40", arrives="24 14:05"))
        (self.appeal(406, "23 13:30", "passed on to another body, plan next morning")
            .resolved("23 13:50", "transferred").solution("24 09:40"))
        (self.appeal(407, "23 13:40", "done at once, no plan needed")
            .responded("23 13:49").resolved("23 17:10").rated("24 09:20", 5))

    def nights_and_later_days(self):
        self.appeal(408, "23 22:40", "night, late response", (LATE, IN), channel="app").responded("23 23:35").close()
        self.appeal(409, "23 23:10", "night", channel="app").responded("23 23:27").close()
        self.appeal(413, "24 02:15", "night", channel="app").responded("24 02:31").close()
        self.appeal(414, "24 04:50", "night, late response", (LATE, IN), channel="app").responded("24 05:40").close()
        self.appeal(404, "24 08:45").responded("24 08:58").close()
        self.appeal(412, "24 17:20").responded("24 17:33").solution("25 15:00")
        self.appeal(435, "24 15:20").responded("24 15:32").solution("25 13:00")
        self.appeal(410, "25 14:10", "plan still to come", (IN, RUNNING)).responded("25 14:22")
        self.appeal(415, "25 16:35", "plan still to come", (IN, RUNNING)).responded("25 16:50")

    def ordinary_appeals(self):
        times = ["08:48", "10:57", "12:10", "12:35", "14:33", "14:50", "15:05", "15:25", "15:45", "16:10", "16:30",
                 "17:05", "17:30", "17:52"]
        enterprises = [403, 408, 413, 419, 423, 428, 401, 406, 411, 416, 421, 426, 431, 404]
        for index, (number, clock) in enumerate(zip(enterprises, times)):
            one = self.appeal(number, f"23 {clock}")
            if index % 4 == 0:
                one.assigned(one.filed_at + minutes(2))
            one.responded(one.filed_at + minutes(self.day.random.randint(4, 26))).close()

    def other_complaints(self):
        def window(number, filed, code, text):
            return self.appeal(number, filed, expect=(), kind="window", channel="hall", matter=(code, text, "县政务服务中心"))

        window(416, "23 09:20", "A09", "变更登记多次提交仍未办成").classified("23 09:50", "eligible").resolved("24 11:00")
        window(503, "23 10:35", "A09", "食品经营许可补正事项说法不一").classified("23 11:00", "general").resolved("25 10:30")
        (window(421, "23 14:40", "A09", "跨部门历史遗留用地手续无法衔接")
            .classified("23 15:00", "general").classified("23 16:30", "difficult", approved=CLERK))
        for number, filed, code, text in [(419, "23 09:35", "A14", "办理环评时被要求使用某家指定的中介机构"),
                                          (427, "23 15:40", "A04", "同一份材料在两个环节被重复要求提交"),
                                          (502, "24 10:10", "A01", "厅外另设受理点,现场引导办理")]:
            self.appeal(number, filed, expect=(), kind="practice", channel="online", matter=(code, text, "县行政审批服务局"))
        for number, filed, answer, plan in [(501, "23 10:40", "23 12:05", "24 15:00"), (504, "23 15:35", "23 16:40", "25 10:00")]:
            self.appeal(number, filed, "enterprise outside the park", ()).responded(
                answer, by="P-4001", role="hall.window").solution(plan)

    def bad_input(self):
        at = moment("23 12:00")
        self.day.emit("weather.observed", {"station": "xidu-1", "temperature": 11.5, "at": rfc3339(at)}, at,
                      source="/hyx/xidu-park/weather", subject="weather/xidu-1", key="org/xidu")
        broken = Complaint(self, "E-000428", "23 12:20", "filedAt is missing: dead letter", ())
        del broken.filed["data"]["filedAt"]
        self.day.raw('{"specversion":"1.0","type":"park.complaint.filed.v1","id":"01KAQ', "23 12:40:00")

    def numbers(self):
        """Provisional number → real number, by the moment of filing."""
        ordered = sorted(self.complaints, key=lambda one: (one.filed_at, one.number))
        return {one.number: f"CP-2026-{1101 + place:06d}" for place, one in enumerate(ordered)}
