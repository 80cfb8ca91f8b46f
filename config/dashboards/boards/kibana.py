"""Saved objects for Kibana 7.17 and 8, and the index template that gives each field its type."""

import json

from boards import policy

VIEW = "dutyclock-logs"
# The data stream that the shippers of config/shipping write to.
STREAM = "logs-dutyclock-*"
KEEP = "200d"
# What Kibana 8 brings up to its own form when it imports.
MIGRATIONS = {"index-pattern": "7.11.0", "search": "7.9.3", "visualization": "7.17.0", "dashboard": "7.17.0"}
INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"
COLUMNS = 48


def text(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def saved(kind: str, name: str, attributes: dict, references: list[dict]) -> dict:
    return {
        "id": name,
        "type": kind,
        "attributes": attributes,
        "references": references,
        "migrationVersion": {kind: MIGRATIONS[kind]},
        "coreMigrationVersion": "7.17.0",
    }


def source(query: str) -> dict:
    asked = {"query": {"language": "kuery", "query": query}, "filter": [], "indexRefName": INDEX}
    return {"searchSourceJSON": text(asked)}


VIEW_REFERENCE = [{"name": INDEX, "type": "index-pattern", "id": VIEW}]


def data_view() -> dict:
    return saved("index-pattern", VIEW, {"title": STREAM, "timeFieldName": "@timestamp", "fieldAttrs": "{}", "fields": "[]"}, [])


def search(name: str, title: str, query: str, *columns: str) -> dict:
    return saved("search", f"dutyclock-{name}", {
        "title": title, "description": "", "columns": list(columns), "sort": [["@timestamp", "desc"]],
        "kibanaSavedObjectMeta": source(query), "hits": 0, "version": 1,
    }, VIEW_REFERENCE)  # fmt: skip


def visualization(name: str, title: str, kind: str, query: str, aggs: list[dict], params: dict) -> dict:
    state = {"title": title, "type": kind, "aggs": aggs, "params": params}
    return saved("visualization", f"dutyclock-{name}", {
        "title": title, "description": "", "uiStateJSON": "{}", "version": 1, "visState": text(state),
        "kibanaSavedObjectMeta": source(query),
    }, VIEW_REFERENCE)  # fmt: skip


COUNT = {"id": "1", "enabled": True, "type": "count", "schema": "metric", "params": {}}


def terms(field: str, number="2", schema="bucket", size=20) -> dict:
    return {"id": number, "enabled": True, "type": "terms", "schema": schema, "params": {
        "field": field, "orderBy": "1", "order": "desc", "size": size, "otherBucket": False, "missingBucket": False}}  # fmt: skip


def over_time(number="3") -> dict:
    return {"id": number, "enabled": True, "type": "date_histogram", "schema": "segment", "params": {
        "field": "@timestamp", "interval": "auto", "min_doc_count": 1, "useNormalizedEsInterval": True}}  # fmt: skip


def filters(schema: str, **queries: str) -> dict:
    """One count for each query."""
    asked = [{"label": label.replace("_", " "), "input": {"language": "kuery", "query": query}} for label, query in queries.items()]
    return {"id": "2", "enabled": True, "type": "filters", "schema": schema, "params": {"filters": asked}}


def number(name, title, query, **queries):
    aggs = [COUNT] + ([filters("group", **queries)] if queries else [])
    params = {"addTooltip": True, "addLegend": False, "type": "metric", "metric": {
        "percentageMode": False, "metricColorMode": "None", "colorSchema": "Green to Red", "labels": {"show": True},
        "colorsRange": [{"from": 0, "to": 10000000}], "invertColors": False, "useRanges": False,
        "style": {"bgFill": "#000", "bgColor": False, "labelColor": False, "subText": "", "fontSize": 32}}}  # fmt: skip
    return visualization(name, title, "metric", query, aggs, params)


def table(name, title, query, *fields: str, titles=()):
    aggs = [COUNT] + [terms(field, str(place + 2)) for place, field in enumerate(fields)]
    params = {"perPage": 12, "showPartialRows": False, "showTotal": False, "totalFunc": "sum", "percentageCol": ""}
    return visualization(name, title, "table", query, aggs, params)


def histogram(name, title, query, by: str):
    axis = {"id": "CategoryAxis-1", "type": "category", "position": "bottom", "show": True, "scale": {"type": "linear"},
            "labels": {"show": True, "filter": True, "truncate": 100}, "title": {}, "style": {}}  # fmt: skip
    value = {"id": "ValueAxis-1", "name": "LeftAxis-1", "type": "value", "position": "left", "show": True,
             "scale": {"type": "linear", "mode": "normal"}, "labels": {"show": True, "rotate": 0, "filter": False, "truncate": 100},
             "title": {"text": "条 lines"}, "style": {}}  # fmt: skip
    series = {"show": True, "type": "histogram", "mode": "stacked", "data": {"label": "Count", "id": "1"},
              "valueAxis": "ValueAxis-1", "drawLinesBetweenPoints": True, "showCircles": True}  # fmt: skip
    params = {"type": "histogram", "grid": {"categoryLines": False}, "categoryAxes": [axis], "valueAxes": [value],
              "seriesParams": [series], "addTooltip": True, "addLegend": True, "legendPosition": "right", "times": [],
              "addTimeMarker": False, "labels": {"show": False}}  # fmt: skip
    return visualization(name, title, "histogram", query, [COUNT, over_time(), terms(by, schema="group")], params)


def rate(name: str, title: str, good: str, bad: str, undone: str) -> dict:
    """A rate with its numerator and denominator, by Vega: good ÷ (good + bad - undone)."""
    within = [{"range": {"@timestamp": {"%timefilter%": True}}}]
    asked = {"good": good, "bad": bad, "undone": undone}
    counts = {label: {"filter": {"query_string": {"query": query}}} for label, query in asked.items()}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {
            "url": {
                "index": STREAM,
                "body": {
                    "size": 0,
                    "query": {"bool": {"filter": within}},
                    "aggs": counts,
                },
            },
            "format": {"property": "aggregations"},
        },
        "transform": [
            {"calculate": "datum.good.doc_count", "as": "k"},
            {"calculate": "datum.good.doc_count + datum.bad.doc_count - datum.undone.doc_count", "as": "n"},
            {"calculate": "datum.n > 0 ? format(datum.k / datum.n, '.1%') + '  (' + datum.k + '/' + datum.n + ')' : '–'", "as": "shown"},
        ],
        "mark": {"type": "text", "fontSize": 24},
        "encoding": {"text": {"field": "shown", "type": "nominal"}},
    }
    state = {"title": title, "type": "vega", "aggs": [], "params": {"spec": json.dumps(spec, ensure_ascii=False, indent=2)}}
    return saved("visualization", f"dutyclock-{name}", {
        "title": title, "description": "", "uiStateJSON": "{}", "version": 1, "visState": text(state),
        "kibanaSavedObjectMeta": {"searchSourceJSON": text({"query": {"language": "kuery", "query": ""}, "filter": []})},
    }, [])  # fmt: skip


def dashboard(name: str, title: str, about: str, *rows: list[tuple[dict, int]], span="now-24h") -> dict:
    """Each row is a list of objects with their widths; a row is 12 high, one of numbers 6."""
    panels, references, top = [], [], 0
    for row in rows:
        left = 0
        height = 6 if all(json.loads(one["attributes"].get("visState", "{}")).get("type") in ("metric", "vega") for one, _ in row) else 14
        for one, width in row:
            place = str(len(panels) + 1)
            panels.append({
                "version": "7.17.0", "type": one["type"], "panelIndex": place, "panelRefName": f"panel_{place}",
                "gridData": {"x": left, "y": top, "w": width, "h": height, "i": place},
                "embeddableConfig": {"enhancements": {}}, "title": one["attributes"]["title"],
            })  # fmt: skip
            references.append({"name": f"{place}:panel_{place}", "type": one["type"], "id": one["id"]})
            left += width
        top += height
    return saved("dashboard", f"dutyclock-{name}", {
        "title": title, "description": about, "hits": 0, "version": 1, "timeRestore": True, "timeFrom": span, "timeTo": "now",
        "refreshInterval": {"pause": False, "value": 30000}, "panelsJSON": text(panels),
        "optionsJSON": text({"useMargins": True, "syncColors": True, "hidePanelTitles": False}),
        "kibanaSavedObjectMeta": {"searchSourceJSON": text({"query": {"language": "kuery", "query": ""}, "filter": []})},
    }, references)  # fmt: skip


# KQL for the visualisations, Lucene's query string where Vega asks.
BREACHED = 'event.action: "deadline.breached"'
IN_TIME = 'event.action:"deadline.met" AND NOT _exists_:duty.overdue_seconds'
OWN = "NOT duty.late_ingest:true"
LATE = f'event.action:"deadline.breached" AND {OWN}'
# A breach that a correction undid.
UNDONE = 'event.action:"deadline.met" AND duty.corrected_breach:true'
# The same of visits; and of gates, see IN_ORDER in grafana.py.
VISITED = [query.replace("deadline.breached", "duty.missed").replace("deadline.", "duty.") for query in (IN_TIME, LATE, UNDONE)]
PASSED = [
    'event.action:("gate.satisfied" OR "gate.cleared") AND NOT _exists_:duty.reason',
    f'event.action:"gate.violated" AND {OWN}',
    'event.action:"gate.cleared" AND _exists_:duty.due_at',
]
# A record that was rejected has an outcome too.
ATTEMPT = 'event.action: ("notification.sent" or "notification.failed" or "notification.uncertain")'


def objects() -> list[dict]:
    alerts = search("alerts", "逾期和违规 Breaches and violations", 'event.kind: "alert"', "event.action", "duty.rule_id",
                    "duty.matter", "park.enterprise_id", "duty.due_at", "duty.overdue_seconds", "duty.late_ingest")  # fmt: skip
    escalated = search("escalated", "升级通知 Escalation notices", 'event.action: "notification.escalated"', "duty.rule_id",
                       "duty.stage", "event.code", "duty.recipient_role", "duty.person_ref", "duty.matter")  # fmt: skip
    undelivered = search("undelivered", "未送达 Not delivered",
                         'event.action: ("notification.failed" or "notification.uncertain" or "notification.gaveUp")',
                         "event.action", "duty.channel", "duty.provider_code", "duty.reason", "duty.person_ref", "duty.matter")  # fmt: skip
    rejected = search("rejected", "死信 Dead letters", 'event.action: "event.rejected"', "error.type", "error.message",
                      "messaging.destination.name", "messaging.destination.partition.id", "messaging.kafka.offset")  # fmt: skip
    troubles = search("troubles", "警告和错误 Warnings and errors",
                      'log.level: ("warn" or "error" or "fatal") and not event.kind: "alert"',
                      "log.level", "message", "error.code", "error.message", "duty.reason")  # fmt: skip

    def of(rules, queries=(IN_TIME, LATE, UNDONE)):
        named = " OR ".join(f'"{rule}"' for rule in rules)
        return [f"{query} AND duty.rule_id:({named})" for query in queries]

    burning = number("counts", "现在 Now", "", 逾期_breaches=BREACHED, 未先报告_gates='event.action: "gate.violated"',
                     已升级_escalated='event.action: "notification.escalated"', 无法送达_gave_up='event.action: "notification.gaveUp"',
                     已确认_acknowledged='event.action: "notification.acknowledged"')  # fmt: skip
    late = number("late", "数据迟到的逾期 Late ingest, apart", f"{BREACHED} and duty.late_ingest: true")
    by_rule = histogram("by-rule", "逾期(按规则) Breaches by rule", BREACHED, "duty.rule_id")
    by_role = table("by-role", "升级到何人 Escalations by role and step", 'event.action: "notification.escalated"',
                    "duty.recipient_role", "duty.stage")  # fmt: skip
    response = rate("rate-response", "半小时回应率 Response within 30 minutes", *of(["A22.response"]))
    solution = rate("rate-solution", "24小时方案率 Solution within 24 hours", *of(["A22.solution"]))
    every = rate("rate-all", "全部限期按时率 All deadlines in time", IN_TIME, LATE, UNDONE)
    gates = rate("rate-gates", "先报告合规率 Reported before the act", *of(policy.REPORTED, PASSED))
    visits = rate("rate-visits", "季度联点完成率 Visits of the quarter", *of(policy.VISITS, VISITED))
    met = table("met", "完成与逾期(按规则) Met and breached by rule", 'event.action: ("deadline.met" or "deadline.breached")',
                "duty.rule_id", "event.action")  # fmt: skip
    attempts = histogram("attempts", "发送结果 Attempts by outcome", ATTEMPT, "event.outcome")
    channels = table("channels", "渠道与结果 Channels and outcomes", ATTEMPT, "duty.channel", "event.outcome")
    codes = table("codes", "失败(按服务商代码) Failures by the provider's code", 'event.action: "notification.failed"', "duty.channel",
                  "duty.provider_code")  # fmt: skip
    actions = histogram("actions", "日志(按种类) Lines by action", "event.action: *", "event.action")
    levels = histogram("levels", "日志(按级别) Lines by level", "", "log.level")
    intake = number("intake", "接收 Intake", "", 接收_accepted='event.action: "event.accepted"',
                    重复_duplicate='event.action: "event.duplicate"', 死信_rejected='event.action: "event.rejected"',
                    等待_parked='event.action: "event.parked"')  # fmt: skip
    whole = COLUMNS
    return [
        data_view(), alerts, escalated, undelivered, rejected, troubles, burning, late, by_rule, by_role, response, solution,
        every, gates, visits, met, attempts, channels, codes, actions, levels, intake,
        dashboard("escalations", "逾期与升级 Escalations", "谁逾期、升到哪一步、告知了谁。 What is late, and who was told.",
                  [(burning, 36), (late, 12)], [(by_rule, 28), (by_role, 20)], [(alerts, whole)], [(escalated, whole)]),
        dashboard("rates", "督办指标 Rates", "比率附分子和分母;分母小于 5 时不作比较。 Rates with what they are made of.",
                  [(response, 24), (solution, 24)], [(every, 16), (gates, 16), (visits, 16)], [(met, 24), (by_rule, 24)], span="now-7d"),
        dashboard("delivery", "送达 Delivery", "提醒发出去没有,卡在哪里。 Whether alerts arrive.",
                  [(attempts, 28), (channels, 20)], [(codes, 20), (undelivered, 28)]),
        dashboard("pipeline", "链路健康 Pipeline", "事件进得来吗,程序自身好不好。 Intake, and the program itself.",
                  [(intake, whole)], [(actions, 24), (levels, 24)], [(rejected, whole)], [(troubles, whole)]),
    ]  # fmt: skip


# Types of fields.


def template(schema: dict) -> dict:
    """An index template: a keyword unless the schema of a line says otherwise."""
    fields = {name: field_type(name, field, schema["$defs"]) for name, field in schema["properties"].items()}
    return {
        "index_patterns": [STREAM],
        "data_stream": {},
        "priority": 200,
        "template": {
            "settings": {"index.lifecycle.name": "dutyclock-logs", "index.codec": "best_compression"},
            "mappings": {"dynamic": False, "date_detection": False, "properties": fields},
        },
        "_meta": {"description": "dutyclock: made by config/dashboards/generate.py from docs/log-line.schema.json"},
    }


def field_type(name: str, field: dict, definitions: dict) -> dict:
    if name in ("message", "error.message"):
        return {"type": "match_only_text"}
    meant = field | definitions.get(field.get("$ref", "").removeprefix("#/$defs/"), {})
    if field.get("$ref", "").endswith("/moment"):
        return {"type": "date"}
    kinds = {"integer": {"type": "long"}, "number": {"type": "double"}, "boolean": {"type": "boolean"}}
    return kinds.get(meant.get("type"), {"type": "keyword", "ignore_above": 1024})


def lifecycle() -> dict:
    return {"policy": {
        "_meta": {"description": "Logs are kept for 200 days; the law asks for six months."},
        "phases": {
            "hot": {"actions": {"rollover": {"max_age": "7d", "max_primary_shard_size": "20gb"}}},
            "delete": {"min_age": KEEP, "actions": {"delete": {}}},
        },
    }}  # fmt: skip
