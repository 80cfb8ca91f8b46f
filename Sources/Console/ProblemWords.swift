import Duty

/// What the code of a problem means, in Chinese.
///
/// The interface says what is wrong in English, with its code for programs; pages and commands put it before people in
/// their language.
package enum ProblemWords {
    package static func chinese(_ code: String) -> String? {
        known[code] ?? EventRejection.Reason(rawValue: code).map { "事件不能接收:\($0.title.chinese)。" }
    }

    private static let known = [
        "reasonMissing": "请填写原因。", "reasonTooLong": "原因最多200字。",
        "reasonPersonal": "原因中不得含电话、证件号、卡号、邮箱或密钥。",
        "unknownNotification": "没有这条通知。", "group": "群消息无需个人确认。", "notOwed": "该事项目前没有这项未完成的要求。",
        "unknownStage": "没有这一步。", "stepIsOver": "时限已过,催办已无意义。", "stepWasTold": "这一步已经告知过。",
        "stepOfOtherCycle": "这一步不属于目前这一轮。", "letterIsDiscarded": "该死信已作废,不再放回;请重新发送事件。",
        "badTime": "结束时间须晚于现在,最长31天。", "silenceIsOver": "该静默已结束。", "notFound": "没有找到。",
        "storeAway": "存储暂不可用,请稍后再试。", "kafkaAway": "Kafka 暂不可用,请稍后再试。", "ambiguous": "请指明轮次与对象。",
        "unavailable": "暂不可用,请稍后再试。", "refused": "生成的事件不合规定,未执行。", "noCaller": "不知道是谁在操作。",
        "badField": "字段内容不合规定。", "badOrder": "请求内容不合规定。", "badNumber": "死信用编号指明。",
        "badParameter": "参数不合规定。", "badRange": "起止须是日期 YYYY-MM-DD 或带时区的时刻。", "unknownParameter": "没有这个参数。",
        "noPerson": "请指明是谁的对账单。",
        "notJSON": "内容须是一个 JSON 对象。", "tooLarge": "内容过大。", "noForm": "内容不是表单,或过大。",
        "unknownVersion": "没有这一版规则,或不止一版。", "unknownRule": "没有这条规则。", "busy": "另一次移动还在进行。",
        "unauthorized": "请先出示令牌。", "forbidden": "角色不够。", "tooMany": "来自此地址的无效令牌过多,请一分钟后再试。",
        "crossSite": "请求来自别的网站,未执行。", "foreignName": "开放模式只在本机地址上应答。",
        "methodNotAllowed": "此路径不接受这种请求。", "tooManyStreams": "实时连接已满,请稍后再试。",
        "notReplies": "不是短信服务商的回复。", "notTaken": "回复还没有存妥,请重发。", "noIssuer": "没有配置统一登录。",
    ]
}
