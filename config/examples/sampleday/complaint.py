"""One complaint of the sample day, told fact by fact."""

from .events import as_moment, hours, minutes, moment, rfc3339

DESK = "/hyx/xidu-park/appeal-desk"
APP = "/hyx/xidu-park/service-app"
HALL = "/hyx/hall/window"
OFFICE = "/hyx/office/supervision"

MATTERS = [
    ("A07", "车间扩产后变压器容量不够,希望尽快增容", "供电公司"),
    ("A07", "园区南路夜间多次跳闸,影响连续生产", "供电公司"),
    ("A08", "厂区自来水水压偏低,三楼清洗线无法运行", "自来水公司"),
    ("A08", "燃气管道接入进度不明,请告知安排", "燃气公司"),
    ("A17", "年底订单集中,急需招聘三十名操作工", "县人社局"),
    ("A17", "希望园区组织一次技工专场招聘", "县人社局"),
    ("A13", "设备补贴申报材料已交,未收到受理结果", "园区产业发展局"),
    ("A13", "咨询首台套奖励是否属于免申即享", "园区产业发展局"),
    ("A06", "二期厂房竣工,需要协调联合验收时间", "县住建局"),
    ("A06", "不动产登记缺一份测绘成果,请帮助协调", "县自然资源局"),
    ("A15", "流动资金贷款到期,希望对接续贷银行", "县金融事务中心"),
    ("A15", "信用贷款额度评估迟迟没有答复", "县金融事务中心"),
    ("A22", "厂门口路面破损,货车进出困难", "园区建设局"),
    ("A22", "污水管网接口堵塞,雨天倒灌", "园区建设局"),
    ("A22", "员工宿舍到厂区没有公交班次", "县交通运输局"),
    ("A10", "冷链仓库消防改造方案需要专家指导", "县消防救援大队"),
]


class Complaint:
    """Provisional number until the day is complete; real numbers follow the order of filing."""

    def __init__(self, story, enterprise, filed, note="", expect=(), *, kind="appeal", channel=None, matter=None,
                 arrives=None, recorded=None, numbered=True):
        self.story, self.day, self.cast = story, story.day, story.cast
        self.enterprise = self.filed_for = enterprise
        self.filed_at = moment(filed)
        self.note, self.expect = note, expect
        self.number = f"CP-2026-X{len(story.complaints):03d}X"
        self.category, self.summary, self.unit = matter or MATTERS[len(story.complaints) * 5 % len(MATTERS)]
        self.kind = kind
        story.complaints.append(self)
        self.filed = None
        if numbered:
            channel = channel or self.day.random.choice(["app", "app", "phone", "12345", "online", "visit"])
            self.filed = self.send("filed", self.filing(channel), self.filed_at, arrives=arrives,
                                   recorded=recorded, source=DESK if kind == "appeal" else HALL)

    def filing(self, channel):
        return {"kind": self.kind, "channel": channel, "filedAt": rfc3339(self.filed_at), "summary": self.summary,
                "category": self.category, "contactRef": f"C-{self.enterprise[-3:]}"}

    def send(self, verb, data, at, *, source=APP, arrives=None, recorded=None):
        keys = {"complaintId": self.number, "enterpriseId": self.enterprise}
        return self.day.emit(f"complaint.{verb}", keys | data, at, source=source, arrives=arrives, recorded=recorded,
                             subject=f"complaint/{self.number}", key=self.enterprise)

    def owner(self, at):
        person = self.cast.owner.get(self.enterprise) or self.cast.leader.get(self.enterprise) or "P-4001"
        return self.cast.present(person, at)

    def responded(self, at, *, by=None, role="park.staff", auto=False, mode=None, arrives=None, recorded=None):
        at = as_moment(at)
        mode = "message" if auto else mode or self.day.random.choice(["phone", "phone", "visit", "message"])
        data = {"respondedAt": rfc3339(at), "by": {"personRef": by or self.owner(at), "role": role},
                "mode": mode, "auto": auto}
        self.last_response = self.send("responded", data, at, arrives=arrives, recorded=recorded)
        return self

    def solution(self, at, *, arrives=None):
        at = as_moment(at)
        self.story.plans += 1
        planned = (at + hours(24 * (2 + self.story.plans % 6))).date().isoformat()
        self.send("solution.proposed", {"proposedAt": rfc3339(at), "planRef": f"DOC-{600 + self.story.plans}",
                                        "responsibleUnit": self.unit, "plannedBy": planned}, at, arrives=arrives)
        self.solved_at = at
        return self

    def resolved(self, at, outcome="done"):
        at = as_moment(at)
        self.send("resolved", {"at": rfc3339(at), "outcome": outcome}, at, source=DESK)
        self.resolved_at = at
        return self

    def rated(self, at, satisfaction):
        at = as_moment(at)
        self.send("rated", {"solved": satisfaction >= 3, "satisfaction": satisfaction, "at": rfc3339(at)}, at, source=DESK)
        return self

    def withdrawn(self, at, by="enterprise", reason="企业自行撤回"):
        at = as_moment(at)
        self.send("withdrawn", {"at": rfc3339(at), "by": by, "reason": reason}, at, source=DESK)
        return self

    def reopened(self, at, cycle=2):
        at = as_moment(at)
        self.send("reopened", {"at": rfc3339(at), "reason": "notSolved", "cycle": cycle}, at, source=DESK)
        return self

    def classified(self, at, grade, approved=None):
        at = as_moment(at)
        data = {"class": grade, "at": rfc3339(at)} | ({"approvedBy": approved} if approved else {})
        self.send("classified", data, at, source=HALL)
        return self

    def assigned(self, at):
        at = as_moment(at)
        self.send("assigned", {"toPersonRef": self.owner(at), "at": rfc3339(at)}, at, source=DESK)
        return self

    def corrected(self, filed_at, at):
        """Moves the moment of filing: somebody had typed it wrongly."""
        self.amend("corrected", {"patch": {"filedAt": rfc3339(moment(filed_at))}, "reason": "登记时间录入有误"}, at)
        return self

    def voided(self, at):
        self.amend("voided", {"reason": "同一诉求重复登记"}, at)
        return self

    def amend(self, verb, data, at):
        at = as_moment(at)
        record = {"targetType": "complaint.filed", "targetId": self.filed["id"], "enterpriseId": self.enterprise}
        author = {"by": {"personRef": "P-2001", "role": "office"}, "at": rfc3339(at)}
        self.day.emit(f"record.{verb}", record | data | author, at, source=OFFICE,
                      subject=f"complaint/{self.number}", key=self.enterprise)

    def close(self, share=0.3):
        """An ordinary end: a plan within the day or early next morning, often resolved, sometimes rated."""
        chance = self.day.random
        plan = office_time(self.filed_at + minutes(chance.randint(90, 400)), chance)
        self.solution(plan)
        if chance.random() < share:
            done = office_time(plan + minutes(chance.randint(180, 1500)), chance)
            self.resolved(done, chance.choice(["done", "done", "done", "replied"]))
            if chance.random() < 0.7 and done < moment("25 14:00"):
                self.rated(done + minutes(chance.randint(25, 230)), chance.choice([5, 5, 5, 4, 4, 3, 2]))
        return self


def office_time(at, chance):
    """Moves a moment outside 08:30–18:00 to the next morning's first hour."""
    if at.hour >= 18:
        at += hours(24)
    elif at.hour * 60 + at.minute >= 510:
        return at
    return at.replace(hour=8, minute=30) + minutes(chance.randint(3, 55))
