"""Dashboards for Grafana, from Prometheus and Loki. Titles are Chinese first, with English beside."""

from boards import policy

METRICS = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
LOGS = {"type": "loki", "uid": "${DS_LOKI}"}
# The label that every shipper of config/shipping sets.
STREAM = '{service_name="dutyclock"}'
WIDTH = 24


def metric(expression: str, legend="", instant=False) -> dict:
    """One PromQL query. Every selector is narrowed to the job that was chosen."""
    return {"datasource": METRICS, "expr": expression, "legendFormat": legend, "instant": instant, "range": not instant}


def logs(pipeline: str, legend="") -> dict:
    """A LogQL query of lines, or of numbers, in which STREAM stands for the program's lines."""
    return {"datasource": LOGS, "expr": pipeline.replace("STREAM", STREAM), "legendFormat": legend, "queryType": "range"}


def counted(action: str, more="", by="", span="$__range") -> str:
    """How many lines of an action, or of those that a pattern in brackets names, there are, by some fields."""
    like = "~" if "(" in action else "="
    words = f'STREAM |{like} "{action}" | json | event_action={like.strip("=")}"{action}"{more} [{span}]'
    return f"sum{f' by ({by})' if by else ''} (count_over_time({words}))"


def panel(kind: str, title: str, *targets: dict, width=6, height=4, unit="short", about="", **options) -> dict:
    targets = [target | {"refId": chr(ord("A") + place)} for place, target in enumerate(targets)]
    made = {
        "type": kind,
        "title": title,
        "description": about,
        "datasource": targets[0]["datasource"],
        "gridPos": {"w": width, "h": height},
        "targets": targets,
    }
    if kind != "logs":
        made["fieldConfig"] = {"defaults": {"unit": unit, "noValue": "–"} | options.pop("defaults", {}), "overrides": []}
    made["options"] = options
    return made


def stat(title, *targets, bad=None, low=None, **more):
    """One number; red from `bad` on, or below `low`."""
    steps = [{"color": "green", "value": None}]
    if bad is not None:
        steps.append({"color": "red", "value": bad})
    if low is not None:
        steps = [{"color": "red", "value": None}, {"color": "green", "value": low}]
    targets = [target | ({"instant": True, "range": False} if target["datasource"] is METRICS else {"queryType": "instant"})
               for target in targets]
    return panel("stat", title, *targets, defaults={"thresholds": {"mode": "absolute", "steps": steps}},
                 reduceOptions={"calcs": ["lastNotNull"]}, colorMode="value", textMode="value_and_name", **more)


def graph(title, *targets, **more):
    return panel("timeseries", title, *targets, **({"width": 12, "height": 8} | more))


def bars(title, *targets, **more):
    targets = [target | {"queryType": "instant"} for target in targets]
    return panel("bargauge", title, *targets, **({"width": 12, "height": 8, "displayMode": "basic"} | more))


def lines(title, pipeline, **more):
    return panel("logs", title, logs(pipeline), **({"width": 24, "height": 9, "showTime": True, "wrapLogMessage": True,
                                                    "enableLogDetails": True, "sortOrder": "Descending"} | more))


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": WIDTH, "h": 1}}


def placed(panels: list[dict]) -> list[dict]:
    """From left to right, and on below the tallest of a line."""
    x = y = tallest = 0
    for number, one in enumerate(panels, 1):
        size = one["gridPos"]
        if x + size["w"] > WIDTH:
            x, y, tallest = 0, y + tallest, 0
        one["id"] = number
        one["gridPos"] = size | {"x": x, "y": y}
        x, tallest = x + size["w"], max(tallest, size["h"])
    return panels


def variable(name: str, source: str, label: str) -> dict:
    return {"name": name, "label": label, "type": "datasource", "query": source, "hide": 0, "multi": False,
            "includeAll": False, "current": {}, "refresh": 1, "regex": ""}  # fmt: skip


def dashboard(uid: str, title: str, about: str, panels: list[dict], span="now-24h") -> dict:
    job = {"name": "job", "label": "任务 job", "type": "query", "datasource": METRICS, "refresh": 2, "sort": 1,
           "query": {"query": "label_values(dutyclock_build_info, job)", "refId": "job"}, "multi": False,
           "includeAll": False, "hide": 0}  # fmt: skip
    return {
        "uid": f"dutyclock-{uid}",
        "title": title,
        "description": about,
        "tags": ["dutyclock"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "Asia/Shanghai",
        "weekStart": "monday",
        "refresh": "30s",
        "time": {"from": span, "to": "now"},
        "templating": {
            "list": [
                variable("DS_PROMETHEUS", "prometheus", "指标来源 metrics"),
                variable("DS_LOKI", "loki", "日志来源 logs"),
                job,
            ]
        },
        "links": [{"type": "dashboards", "tags": ["dutyclock"], "asDropdown": True, "title": "dutyclock"}],
        "annotations": {"list": []},
        "panels": placed(panels),
    }


# What is burning.

CLOCKS = f'dutyclock_deadlines_open{{job="$job",rule!~"{"|".join(policy.NO_CLOCKS)}"}}'
TO_BE_ATTRIBUTED = f'dutyclock_deadlines_open{{job="$job",rule=~"{"|".join(policy.ATTRIBUTIONS)}"}}'


def escalations() -> dict:
    alert = '| json | event_kind="alert"'
    return dashboard("escalations", "逾期与升级 Escalations", "谁逾期、升到哪一步、告知了谁。 What is late, and who was told.", [
        stat("在计时 open", metric(f"sum({CLOCKS})"), about="到期前和逾期未办的都计;违规记录不是计时。"
             " Running, or overdue and not done. A violation on record is no clock."),
        stat("逾期 breaches", logs(counted("deadline.breached")), bad=1),
        stat("未先报告 gates violated", logs(counted("gate.violated")), bad=1),
        stat("已升级 escalated", logs(counted("notification.escalated")), bad=1),
        stat("无法送达 nobody told", logs(counted("notification.gaveUp")), bad=1),
        stat("已确认 acknowledged", logs(counted("notification.acknowledged"))),
        stat("到期未处理 overdue timers", metric('max(dutyclock_timers_overdue{job="$job"})'), bad=1),
        stat("数据迟到的逾期 late ingest", logs(counted("deadline.breached", ' | duty_late_ingest="true"')),
             about="仅因事件迟到而逾期,另计。 Breaches only because the event came late, counted apart."),
        graph("逾期(按规则) Breaches by rule",
              metric('sum by (rule) (increase(dutyclock_deadlines_total{job="$job",outcome="breached"}[$__rate_interval]))',
                     "{{rule}}"), about="每个采样间隔内的次数。 How many in each interval."),
        graph("在计时(按规则) Open by rule", metric(f"sum by (rule) ({CLOCKS})", "{{rule}}")),
        bars("逾期最多的规则 Breaches in this span, by rule", logs(counted("deadline.breached", by="duty_rule_id"), "{{duty_rule_id}}")),
        bars("升级到何人 Escalations by role", logs(counted("notification.escalated", by="duty_recipient_role"), "{{duty_recipient_role}}")),
        bars("升级到哪一步 Escalations by step", logs(counted("notification.escalated", by="duty_stage"), "{{duty_stage}}")),
        bars("警示(按种类) Alerts by kind",
             logs(f"sum by (event_action) (count_over_time(STREAM {alert} [$__range]))", "{{event_action}}")),
        lines("最近的逾期和违规 Latest breaches and violations",
              f"STREAM {alert} | line_format \"{{{{.duty_due_at}}}} {{{{.message}}}} {{{{.duty_rule_id}}}} {{{{.duty_matter}}}} {{{{.park_enterprise_id}}}}\""),
        lines("升级通知 Escalation notices",
              'STREAM |= "notification.escalated" | json | event_action="notification.escalated"'
              ' | line_format "{{.duty_rule_id}} {{.duty_stage}} {{.event_code}} {{.duty_recipient_role}} {{.duty_person_ref}} {{.duty_matter}}"'),
    ])  # fmt: skip


# The supervisors' rates, each with its numerator and denominator.

# What was done in time has no duty.overdue_seconds. A breach that a correction undid has a deadline.met with
# duty.corrected_breach later, so it is taken off again; the sums then come near dutyclock_rate_ratio, which is exact.
IN_TIME = ' | duty_overdue_seconds=""'
UNDONE = ' | duty_corrected_breach="true"'
# A breach only because its event came too late counts apart.
OWN = ' | duty_late_ingest!="true"'
# A violation that was found to be none has a gate.cleared. With a reason there is nothing left to be judged, else what
# had to come first was on record after all and counts as in time. Without a due time the whole record is gone, and
# the line does not say whether there had been a violation.
IN_ORDER = ' | duty_reason=""'
WAS_VIOLATED = ' | duty_due_at!=""'


def some(expression: str) -> str:
    """Zero where there is no line at all."""
    return f"({expression} or vector(0))"


def rate_of(title: str, good: str, bad: str, undone="") -> list[dict]:
    """The rate, and beside it what it was made of: good ÷ (good + bad - undone)."""
    whole = f"({some(good)} + {some(bad)}{f' - {some(undone)}' if undone else ''})"
    return [
        stat(title, logs(f"{some(good)} / {whole}"), unit="percentunit", width=4, low=0.9),
        stat("分子/分母 of", logs(some(good), "分子 numerator"), logs(whole, "分母 denominator"), width=4,
             about="分母小于 5 时不作比较。 Not to be compared below five."),
    ]  # fmt: skip


def of_rules(rules: tuple[str, ...]) -> str:
    if not rules:
        return ""
    return f' | duty_rule_id{"=" if len(rules) == 1 else "=~"}"{"|".join(rules)}"'


def kept(*rules: str, what="deadline", late="breached") -> tuple[str, str, str]:
    """Met in time, breached, breaches undone: of some rules, or of all."""
    of = of_rules(rules)
    return counted(f"{what}.met", of + IN_TIME), counted(f"{what}.{late}", of + OWN), counted(f"{what}.met", of + UNDONE)


def passed(*rules: str) -> tuple[str, str, str]:
    """Of some gates: in order, violated, violations undone."""
    of = of_rules(rules)
    return (
        counted("gate.(satisfied|cleared)", of + IN_ORDER),
        counted("gate.violated", of + OWN),
        counted("gate.cleared", of + WAS_VIOLATED),
    )


def standing(violated: str, cleared: str) -> str:
    """How many violations there are that nothing undid."""
    return f"{some(violated)} - {some(cleared)}"


# What the shipped policy calls the rates (config/policy), which the daemon counts itself.
RATES = {
    "response": "半小时回应率 response", "solution": "24小时方案率 solution", "closedInTime": "按时办结率 closed in time",
    "responded": "响应率 responded", "solved": "解决率 solved", "satisfied": "满意率 satisfied", "reported": "先报告合规率 reported",
    "visits": "季度联点完成率 visits", "composite": "响应解决满意综合率 composite",
    "late": "超期率 overdue", "reopened": "重开率 reopened",
}  # fmt: skip


# Those that are times.
TIMES = {"responseMedian": "回应用时中位数 half answered within", "responseP90": "回应用时P90 nine of ten within"}
# Of these a large share is bad.
BETTER_LOW = {"late", "reopened"}


def rates() -> dict:
    _, *unescorted = passed(*policy.UNESCORTED)
    # Whatever a window found is a violation, so that each that is gone had been one.
    quiet = [counted(f"window.{what}", of_rules(policy.QUIET_DAYS)) for what in ("violated", "cleared")]
    return dashboard("rates", "督办指标 Rates", "督办看的各项比率,附分子和分母。 The supervisors' rates, with what they are made of.", [
        row("时段内 In this span"),
        *rate_of("半小时回应率 response within 30 minutes", *kept("A22.response")),
        *rate_of("24小时方案率 solution within 24 hours", *kept("A22.solution")),
        *rate_of("全部限期按时率 all deadlines in time", *kept()),
        *rate_of("先报告合规率 reported before the act", *passed(*policy.REPORTED)),
        *rate_of("季度联点完成率 visits of the quarter", *kept(*policy.VISITS, what="duty", late="missed")),
        stat("宁静日入企 within quiet days", logs(standing(*quiet)), bad=1, width=4),
        stat("未联系、未陪同入企 without contact or escort", logs(standing(*unescorted)), bad=1, width=4),
        stat("违规做法 prohibited practices", logs(counted("practice.violated")), bad=1, width=12),
        stat("待认定罚款 fines to be attributed", metric(f"sum({TO_BE_ATTRIBUTED}) or vector(0)"), bad=1, width=12,
             about="现有的件数,与时段无关。 How many there are now, whatever the span."),
        row("累计 Since the beginning"),
        *(stat(title, metric(f'dutyclock_rate_ratio{{job="$job",name="{name}"}}'), unit="percentunit", width=3,
               **({"bad": 0.1} if name in BETTER_LOW else {"low": 0.9}))
          for name, title in RATES.items()),
        *(stat(title, metric(f'dutyclock_rate_seconds{{job="$job",name="{name}"}}'), unit="s", width=3)
          for name, title in TIMES.items()),
        stat("数据迟到的逾期 late ingest, apart", logs(counted("deadline.breached", ' | duty_late_ingest="true"'))),
        stat("撤回和取消 withdrawn, cancelled", logs(counted("deadline.withdrawn"), "撤回 withdrawn"),
             logs(counted("deadline.cancelled"), "取消 cancelled")),
        graph("比率走势 Trend", metric('dutyclock_rate_ratio{job="$job"}', "{{name}}"), unit="percentunit",
              defaults={"min": 0, "max": 1}),
        graph("结束的限期 Ends of deadlines",
              metric('sum by (outcome) (increase(dutyclock_deadlines_total{job="$job"}[1h]))', "{{outcome}}"),
              about="近一小时;先逾期后完成的两边都计。 Of the last hour; a breach that was met later counts in both."),
        bars("完成(按规则) Met in time, by rule", logs(counted("deadline.met", IN_TIME, by="duty_rule_id"), "{{duty_rule_id}}")),
        bars("逾期(按规则) Breached, by rule", logs(counted("deadline.breached", OWN, by="duty_rule_id"), "{{duty_rule_id}}")),
        graph("台账总额 Ledger", metric('sum by (state) (dutyclock_ledger_fen{job="$job"}) / 100', "{{state}}"), unit="currencyCNY",
              about="已入账、待定、已履行;无个人金额。 Posted, held, settled; no single person's."),
        graph("程序自身的延迟 Our own lateness, 99 of 100",
              metric('histogram_quantile(0.99, sum by (le) (rate(dutyclock_deadline_lateness_seconds_bucket{job="$job"}[$__rate_interval])))',
                     "p99"), unit="s"),
    ], span="now-7d")  # fmt: skip


# Whether messages arrive.


def quantile(share: float, name: str, by="") -> str:
    labels = f"{by}, le" if by else "le"
    return (
        f"histogram_quantile({share}, sum by ({labels}) "
        f'(rate(dutyclock_{name}_bucket{{job="$job"}}[$__rate_interval])))'
    )


def delivery() -> dict:
    attempts = 'sum by (channel, outcome) (rate(dutyclock_notifications_total{job="$job",channel!=""}[$__rate_interval]))'
    return dashboard("delivery", "送达 Delivery", "提醒发出去没有、多久、卡在哪里。 Whether alerts arrive, how fast, and what holds them up.", [
        stat("待发 waiting", metric('sum(dutyclock_outbox_pending{job="$job"})'), bad=100),
        stat("最久已等 oldest", metric('max(dutyclock_outbox_oldest_seconds{job="$job"})'), unit="s", bad=120),
        stat("熔断渠道 channels out of use", metric('sum(dutyclock_channel_open{job="$job"}) or vector(0)'), bad=1),
        stat("无法送达 gave up", metric('sum(increase(dutyclock_notifications_total{job="$job",outcome="gaveUp"}[$__range])) or vector(0)'), bad=1),
        stat("影子模式 shadow mode", metric('max(dutyclock_shadow{job="$job"})'), bad=1,
             about="1 为只记录不发送。 1: nothing is sent."),
        stat("结果不明 uncertain", logs(counted("notification.uncertain")), bad=1),
        stat("已静默 silenced", logs(counted("notification.silenced"))),
        stat("已确认 acknowledged", logs(counted("notification.acknowledged"))),
        graph("发送(按渠道和结果) Attempts by channel and outcome", metric(attempts, "{{channel}} {{outcome}}"), unit="ops"),
        graph("从决定到收下 From decision to acceptance", metric(quantile(0.5, "notification_latency_seconds", "channel"), "{{channel}} p50"),
              metric(quantile(0.99, "notification_latency_seconds", "channel"), "{{channel}} p99"), unit="s"),
        graph("待发(按渠道) Waiting by channel", metric('sum by (channel) (dutyclock_outbox_pending{job="$job"})', "{{channel}}")),
        graph("失败占比 Share of attempts that failed", metric(
            'sum by (channel) (rate(dutyclock_notifications_total{job="$job",outcome!="sent",channel!=""}[15m]))'
            ' / sum by (channel) (rate(dutyclock_notifications_total{job="$job",channel!=""}[15m]))', "{{channel}}"),
            unit="percentunit"),
        bars("失败(按服务商代码) Failures by the provider's code",
             logs(counted("notification.failed", by="duty_channel, duty_provider_code"), "{{duty_channel}} {{duty_provider_code}}")),
        bars("发出(按消息) Sent, by message", logs(counted("notification.sent", by="event_code"), "{{event_code}}")),
        graph("被拒的答复链接、短信回复 Links turned away, replies",
              metric('sum by (reason) (increase(dutyclock_link_rejected_total{job="$job"}[1h]))', "链接 link {{reason}}"),
              metric('sum by (result) (increase(dutyclock_replies_total{job="$job"}[1h]))', "回复 reply {{result}}")),
        lines("未送达 Not delivered",
              'STREAM |~ "notification.(failed|uncertain|gaveUp)" | json | event_action=~"notification.(failed|uncertain|gaveUp)"'
              ' | line_format "{{.message}} {{.duty_channel}} {{.duty_provider_code}} {{.duty_reason}} {{.duty_person_ref}} {{.duty_matter}}"',
              width=12, height=8),
        lines("渠道熔断与恢复 Channels taken out of use and put back",
              'STREAM |~ "channel.(opened|closed)" | json | event_action=~"channel.(opened|closed)"'),
    ])  # fmt: skip


# Whether the program itself is well.


def pipeline() -> dict:
    return dashboard("pipeline", "链路健康 Pipeline", "事件进得来吗、处理得过来吗、程序自身好不好。 Intake, commits, timers, the program itself.", [
        stat("在线 up", metric('min(up{job="$job"})'), low=1),
        stat("积压 lag", metric('sum(dutyclock_kafka_consumer_lag{job="$job"})'), bad=1000),
        stat("到期未处理 timers overdue", metric('max(dutyclock_timers_overdue{job="$job"})'), bad=1),
        stat("配置 configuration", metric('min(dutyclock_config_reload_success{job="$job"})'), low=1,
             about="0 为上次的新配置被拒绝。 0: the last new configuration was refused."),
        stat("消费组内他人 foreign members", metric('max(dutyclock_group_members_foreign{job="$job"})'), bad=1),
        stat("缺放假安排 calendar missing", metric('max(dutyclock_calendar_notice_missing{job="$job"})'), bad=1),
        stat("死信 dead letters", logs(counted("event.rejected")), bad=1),
        stat("时钟跳变 clock jumps", metric('sum(increase(dutyclock_clock_jumps_total{job="$job"}[$__range]))'), bad=1),
        graph("事件(按结果) Events by result", metric('sum by (result) (rate(dutyclock_events_total{job="$job"}[$__rate_interval]))', "{{result}}"), unit="ops"),
        graph("积压(按分区) Lag by partition",
              metric('sum by (topic, partition) (dutyclock_kafka_consumer_lag{job="$job"})', "{{topic}}/{{partition}}")),
        graph("从发生到入账 From an event's own time to its commit", metric(quantile(0.5, "event_lag_seconds"), "p50"),
              metric(quantile(0.99, "event_lag_seconds"), "p99"), unit="s"),
        graph("提交用时 Duration of a commit", metric(quantile(0.5, "commit_seconds"), "p50"),
              metric(quantile(0.99, "commit_seconds"), "p99"), unit="s"),
        graph("每次提交的事件 Events in a commit",
              metric('sum(rate(dutyclock_commit_events_sum{job="$job"}[$__rate_interval]))'
                     ' / sum(rate(dutyclock_commit_events_count{job="$job"}[$__rate_interval]))', "平均 mean")),
        graph("到期后多久记下 From the due moment to its record", metric(quantile(0.99, "deadline_lateness_seconds"), "p99"), unit="s"),
        graph("日志(按级别) Log lines by level", logs("sum by (log_level) (count_over_time(STREAM | json [$__auto]))", "{{log_level}}")),
        panel("table", "版本 Versions", metric('dutyclock_build_info{job="$job"}', instant=True) | {"format": "table"}, width=12, height=8),
        lines("警告和错误 Warnings and errors",
              'STREAM | json | log_level=~"warn|error|fatal" | event_kind!="alert"'
              ' | line_format "{{.log_level}} {{.message}} {{.error_type}} {{.error_message}} {{.duty_reason}}"'),
        lines("死信 Dead letters",
              'STREAM |= "event.rejected" | json | event_action="event.rejected"'
              ' | line_format "{{.messaging_destination_name}}/{{.messaging_destination_partition_id}}@{{.messaging_kafka_offset}} {{.error_type}} {{.error_message}}"'),
        lines("起停、配置、分区 Starts, configurations, partitions",
              'STREAM | json | event_action=~"service.*|partition.*|policy.*|clock.*"'),
    ])  # fmt: skip


def files() -> dict[str, dict]:
    made = {"escalations": escalations(), "rates": rates(), "delivery": delivery(), "pipeline": pipeline()}
    return {f"grafana/{name}.json": one for name, one in made.items()}
