"""Who is in the sample day. Every enterprise and person here is invented."""

from datetime import datetime, timedelta

from .events import SHANGHAI, minutes, moment, rfc3339, seconds

REGISTRY = "/hyx/xidu-park/registry"
ROSTER = "/hyx/xidu-park/roster"
COUNTY_ROSTER = "/hyx/county/roster"
SNAPSHOT_START = moment("23 07:30")

HEAD = "P-0101"
LEADERS = ["P-0111", "P-0112", "P-0113", "P-0114"]
STAFF = ["P-1031", "P-1032", "P-1033", "P-1034", "P-1035", "P-1036", "P-1037", "P-1038"]
SECRETARY = "P-0001"
DEPUTY = "P-0005"
COUNTY_LEADERS = ["P-0006", "P-0007", "P-0008", "P-0009"]
CLERK = "P-2001"
WINDOW = "P-4001"
ABSENT, SUBSTITUTE = "P-1034", "P-1036"
ABSENCE = (moment("24 00:00"), moment("29 00:00"))

# In the park: E-000401 … E-000435 before the day, E-000436 and E-000437 during it.
PARK_NAMES = """云岫精密制造 蒸岚电子科技 栖禾食品 砚溪新材料 汀澜环保设备 朔野农机 拾苇包装 槐序家居 青梧涧生物科技
霁川机电 望舒岭光电 苇白纺织 疏桐木业 鹿涧饮品 星垂野智能装备 漱石湾建材 抱朴里陶瓷 晴耕粮油 松间月照明 澄怀医疗器械
竹里印务 荻浦水产加工 暮山五金 听榆仪表 枕溪服饰 半亩花木 知还物流 雁回塘饲料 稻翻食品机械 茶烟茶业 灯花电缆 采薇坪中药饮片
野渡汽车零部件 新篁纸制品 平芜铸造 远岫模具 早梅塑业""".split()
OUTSIDE_NAMES = "寒塘商贸 春醪酒业 夜航运输 柳汀餐饮管理 石髓矿山机械".split()

LINKED = [f"E-{number:06d}" for number in range(401, 413)]
TWO_LEADERS = "E-000403"
STAFF_GAP = "E-000418"
NEW_WITHOUT_OWNER, NEW_WITH_OWNER = "E-000436", "E-000437"
OUTSIDE = [f"E-{number:06d}" for number in range(501, 506)]


def credit_code(number):
    """A well-formed social credit code (GB 32100) whose organisation part is plainly made up."""
    body = f"MA4TX{number:03d}"
    weights = [3, 7, 9, 10, 5, 8, 4, 2]
    rest = 11 - sum(int(c, 36) * w for c, w in zip(body, weights)) % 11
    code = "91430421" + body + {10: "X", 11: "0"}.get(rest, str(rest))
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, place, 31) for place, c in enumerate(code))
    return code + alphabet[(31 - total % 31) % 31]


class Cast:
    """Sends the registrations and rosters that stand at eight o'clock, and remembers who serves whom."""

    def __init__(self, day):
        self.day = day
        self.owner = {}
        self.leader = {}
        self.linked = {}
        self.names = {}
        self.assignments = {}
        self.arrival = SNAPSHOT_START

    def present(self, person, at):
        """The person, or the substitute while the person is away."""
        away = person == ABSENT and ABSENCE[0] <= at < ABSENCE[1]
        return SUBSTITUTE if away else person

    def next_arrival(self):
        self.arrival += seconds(11)
        return self.arrival

    def before_eight(self):
        self.assign(HEAD, "park.head", {"parkId": "xidu"}, "2024-03-01", arrives=self.next_arrival())
        for index, name in enumerate(PARK_NAMES[:35]):
            self.established(f"E-{401 + index:06d}", name, index)
        for index, name in enumerate(OUTSIDE_NAMES):
            self.register(OUTSIDE[index], f"衡阳{name}有限公司", self.past_morning(index * 7 + 3),
                          in_park=False, arrives=self.next_arrival())

    def established(self, enterprise, name, index):
        registered = self.past_morning(index * 9)
        since = registered.date().isoformat()
        scope = {"enterpriseId": enterprise}
        self.assign(LEADERS[index // 3 % 4], "park.leader", scope, since, arrives=self.next_arrival())
        self.assign(STAFF[index % 8], "park.staff", scope, since, arrives=self.next_arrival())
        if enterprise == TWO_LEADERS:
            self.assign(LEADERS[2], "park.leader", scope, "2026-04-01", arrives=self.next_arrival())
        if index % 4 == 1:
            self.assign(STAFF[(index + 3) % 8], "park.staff", scope, since, backup=True, arrives=self.next_arrival())
        if enterprise in LINKED:
            self.assign(COUNTY_LEADERS[index % 4], "county.linked", scope, "2026-01-05", arrives=self.next_arrival())
        # The roster is loaded first, so that nobody is told of an enterprise without an owner that has one.
        self.register(enterprise, f"衡阳{name}有限公司", registered, above_scale=enterprise in LINKED or index % 6 == 5,
                      producing=index % 7 != 6, arrives=self.next_arrival())
        if enterprise == STAFF_GAP:
            self.end(enterprise, "park.staff", moment("20 18:00"), arrives=self.next_arrival())

    def past_morning(self, offset):
        """A morning between autumn 2023 and autumn 2025, the same one in every run."""
        start = datetime(2023, 9, 4, 9, 5, tzinfo=SHANGHAI)
        return start + timedelta(days=offset * 2 + 7 * (offset % 5)) + minutes(offset % 90)

    def register(self, enterprise, name, at, *, in_park=True, above_scale=False, producing=False, arrives=None):
        self.names[enterprise] = name
        data = {"enterpriseId": enterprise, "uscc": credit_code(int(enterprise[-3:])), "name": name,
                "registeredAt": rfc3339(at), "inPark": in_park}
        if in_park:
            data |= {"parkId": "xidu", "aboveScale": above_scale, "inNormalProduction": producing,
                     "investedByPark": int(enterprise[-1]) % 2 == 1, "brand": False}
        self.day.emit("enterprise.registered", data, at, source=REGISTRY,
                      subject=f"enterprise/{enterprise}", key=enterprise, arrives=arrives)

    def assign(self, person, role, scope, since, *, backup=False, at=None, arrives=None):
        at = at or moment(f"{since} 09:00")
        data = {"assignmentId": f"RA-{len(self.assignments) + 301}", "personRef": person, "role": role,
                "scope": scope, "from": since, "backup": backup}
        self.assignments[data["assignmentId"]] = data
        enterprise = scope.get("enterpriseId")
        if enterprise and not backup:
            table = {"park.staff": self.owner, "park.leader": self.leader, "county.linked": self.linked}[role]
            table.setdefault(enterprise, person) if role == "park.leader" else table.update({enterprise: person})
        self.send("roster.assigned", data, at, arrives)

    def end(self, enterprise, role, at, *, arrives=None):
        """Ends the newest assignment of that role which is not a backup."""
        data = next(entry for entry in reversed(self.assignments.values())
                    if entry["scope"].get("enterpriseId") == enterprise and entry["role"] == role and not entry["backup"])
        self.send("roster.ended", {**data, "to": rfc3339(at)}, at, arrives)

    def send(self, type, data, at, arrives):
        enterprise = data["scope"].get("enterpriseId")
        source = COUNTY_ROSTER if data["role"].startswith("county.") else ROSTER
        self.day.emit(type, data, at, source=source, arrives=arrives, correlation=data["assignmentId"],
                      subject=f"enterprise/{enterprise}" if enterprise else "park/xidu",
                      key=enterprise or "org/xidu")


# Those who only hear of things: nothing of the day names them.
COUNTY_BODIES = [("P-0002", "沈某", "县长"), ("P-0003", "邹某", "县人大常委会主任"), ("P-0004", "龚某", "县政协主席")]
DEPARTMENT_PEOPLE = [
    ("P-3001", "柏某", "市场监管局局长", "dept.head", "D-SCJG"), ("P-3002", "柳某", "市场监管局联络员", "dept.contact", "D-SCJG"),
    ("P-3011", "石某", "应急管理局局长", "dept.head", "D-YJGL"), ("P-3012", "苏某", "应急管理局联络员", "dept.contact", "D-YJGL"),
    ("P-3021", "严某", "生态环境分局局长", "dept.head", "D-STHJ"), ("P-3031", "何某", "住建局局长", "dept.head", "D-ZJ"),
]
SUPPLIERS = [("P-5001", "卢某", "供电公司客户经理", "supplier.power"), ("P-5002", "池某", "供水公司客户经理", "supplier.water"),
             ("P-5003", "甘某", "供气公司客户经理", "supplier.gas")]
OFFICES = [("office", "领导小组办公室值班台", ["office"]), ("county-committee-office", "县委办公室", []),
           ("county-government-office", "县政府办公室", []),
           ("discipline-office", "党风政风监督室", ["discipline", "discipline.contact"]),
           ("organization-office", "县委组织部", ["org.dept"]), ("justice-office", "司法局执法监督股", ["justice"]),
           ("labour-office", "人社局就业股", ["labour"]), ("benefit-office", "惠企政策兑现专班", ["benefit.unit"]),
           ("arrears-office", "清欠工作专班", ["arrears.unit"])]


def directory_yaml():
    """The directory that belongs to the day, in the form the configuration asks for."""
    people = [(SECRETARY, "周某", "县委书记", ["county.secretary", "county.four"])]
    people += [(ref, name, title, ["county.four"]) for ref, name, title in COUNTY_BODIES]
    people += [(DEPUTY, "唐某", "分管副县长", ["county.deputy"])]
    people += [(ref, name, "县级领导", ["county.linked"]) for ref, name in zip(COUNTY_LEADERS, ["蒋某", "邓某", "罗某", "欧阳某"])]
    people += [(HEAD, "凌某", "西渡高新区管委会主任", ["park.head"])]
    people += [(ref, name, "园区联点领导", ["park.leader"]) for ref, name in zip(LEADERS, ["谭某", "肖某", "彭某", "贺某"])]
    people += [(ref, name, "服务专员", ["park.staff"])
               for ref, name in zip(STAFF, ["陈某", "刘某", "屈某", "曾某", "夏某", "易某", "尹某", "龙某"])]
    people += [(CLERK, "钟某", "领导小组办公室经办人", []), (WINDOW, "胡某", "政务服务中心窗口专人", ["hall.window"]),
               ("P-4002", "傅某", "政务服务中心主任", ["hall.head"])]
    people += [(ref, name, title, [role]) for ref, name, title, role, _ in DEPARTMENT_PEOPLE]
    people += [(ref, name, title, [role]) for ref, name, title, role in SUPPLIERS]
    departments = {ref: department for ref, _, _, _, department in DEPARTMENT_PEOPLE}
    text = ["# The people and offices of the sample day. Every one of them is invented;",
            "# who serves which enterprise comes from the roster events in day.jsonl.", "people:"]
    for ref, name, title, roles in people:
        sms = f', sms: "138000000{ref[-2:]}"' if ref in STAFF else ""
        text += [f"  - ref: {ref}", f"    name: {name}", f"    title: {title}", f"    roles: [{', '.join(roles)}]"]
        text += [f"    department: {departments[ref]}"] if ref in departments else []
        text += [f"    addresses: {{ console: {ref}, hook: {ref}{sms} }}"]
        if ref == ABSENT:
            text += [f"    absences: [ {{ from: 2026-11-24, to: 2026-11-28, substitute: {SUBSTITUTE} }} ]"]
    text += ["offices:"]
    for ref, name, roles in OFFICES:
        text += [f"  - ref: {ref}", f"    name: {name}", f"    roles: [{', '.join(roles)}]",
                 f"    addresses: {{ console: {ref}, hook: {ref} }}"]
    return "\n".join(text) + "\n"
