import Duty

/// What the types of event are called.
package enum EventWords {
    /// The name of a kind of event, or of a type of outcome; nil if nobody has given it one.
    package static func wording(_ type: String) -> Wording? { table[type] }

    private static let table = Wording.table(
        """
        enterprise.registered | 企业登记入库 | an enterprise was registered
        enterprise.updated | 企业情况变更 | the profile of an enterprise changed
        enterprise.deregistered | 企业注销、迁出或合并 | an enterprise ceased, moved away or was merged
        roster.assigned | 指定服务人员或联系领导 | a person took on a role
        roster.ended | 服务或联系关系结束 | a person gave up a role
        complaint.filed | 提出诉求或投诉 | a complaint was filed
        complaint.assigned | 诉求交办 | a complaint was assigned to a person
        complaint.classified | 诉求定类 | a complaint was classified
        complaint.responded | 对诉求作出回应 | a complaint was responded to
        complaint.solution.proposed | 提出解决方案 | a solution was proposed
        complaint.resolved | 诉求办结 | a complaint was resolved
        complaint.rated | 企业评价 | the enterprise rated the handling
        complaint.withdrawn | 诉求撤回 | a complaint was withdrawn
        complaint.reopened | 诉求重开 | a complaint was reopened
        service.requested | 申请服务 | a service was requested
        service.paused | 服务计时暂停 | the clock of a service was paused
        service.resumed | 服务计时恢复 | the clock of a service goes on
        service.step.completed | 服务环节完成 | a step of a service was completed
        service.completed | 服务完成 | a service was completed
        service.cancelled | 服务取消 | a service was cancelled
        fee.quoted | 收费报价 | a fee was quoted
        approval.material.requested | 要求提交材料 | a material was asked for
        approval.intermediary.required | 要求中介服务 | a service of an intermediary was asked for
        project.milestone | 项目节点 | a project reached a milestone
        visit.planned | 计划入企 | a visit was planned
        visit.contacted | 入企前联系园区 | the park was contacted before a visit
        visit.escort.assigned | 指定陪同人员 | an escort was assigned
        visit.started | 入企开始 | a visit started
        visit.ended | 入企结束 | a visit ended
        visit.cancelled | 入企取消 | a visit was cancelled
        report.made | 事先报告 | a report was made to a leader
        case.opened | 立案 | a case was opened
        case.closed | 结案 | a case was closed
        penalty.decided | 作出处罚决定 | a penalty was decided
        penalty.served | 处罚决定送达 | a penalty was served
        penalty.executed | 处罚执行 | a penalty was executed
        fine.issued | 开具罚款 | a fine was issued
        fine.attributed | 罚款责任认定 | it was decided whether poor service caused a fine
        fine.revised | 罚款变更 | a fine was revised
        fine.revoked | 罚款撤销 | a fine was revoked
        fine.share.settled | 分担履行 | a share was settled
        clue.transferred | 线索移交 | a clue was transferred
        clue.fedback | 线索反馈 | feedback on a clue was given
        duty.performed | 履行职责 | a duty was performed
        assessment.published | 公布测评结果 | results of an assessment were published
        calendar.published | 公布节假日安排 | the holidays of a year were published
        record.corrected | 更正记录 | a record was corrected
        record.voided | 作废记录 | a record was voided
        notification.acknowledged | 确认收到通知 | a notification was acknowledged
        escalation.requested | 人工升级 | a step was asked for by hand
        silence.set | 设置静默期 | a silence was set
        silence.ended | 提前结束静默期 | a silence was ended
        deadline.started | 开始计时 | a clock started
        deadline.warned | 临近到期 | a limit is near
        deadline.breached | 逾期 | a limit was breached
        deadline.met | 已完成 | it was done
        deadline.cancelled | 计时取消 | a clock was cancelled
        deadline.recomputed | 期限重算 | a due time moved
        deadline.withdrawn | 逾期撤回 | a clock or breach was taken back
        gate.satisfied | 已有前置记录 | what had to come before an act was there
        gate.violated | 未见前置记录 | what had to come before an act was not there
        gate.cleared | 违规记录撤回 | a violation was taken back
        window.violation | 宁静日入企 | a visit inside the closed days
        window.cleared | 宁静日违规撤回 | that was taken back
        forbid.detected | 发现禁止行为 | a forbidden practice was found
        forbid.cleared | 禁止行为记录撤回 | that was taken back
        fee.overcharged | 超标准收费 | a fee beyond the limit
        fee.cleared | 超标准收费撤回 | that was taken back
        duty.due | 周期职责开始 | a recurring duty has begun
        duty.warned | 周期职责临近到期 | a recurring duty is due soon
        duty.missed | 周期职责未履行 | a recurring duty was missed
        duty.met | 周期职责已履行 | a recurring duty was performed
        duty.cancelled | 周期职责取消 | a recurring duty was cancelled
        duty.recomputed | 周期职责期限重算 | the due time of a recurring duty moved
        duty.withdrawn | 周期职责撤回 | a recurring duty was taken back
        allocation.posted | 分担入账 | a share was posted
        allocation.adjusted | 分担调整 | a share was adjusted
        allocation.reversed | 分担冲销 | a share was reversed
        allocation.held | 分担待定 | a share is held until somebody bears it
        notification.requested | 通知待发 | a message was decided
        notification.escalated | 升级通知待发 | a message of a stage beyond the breach was decided
        notification.sent | 通知已发 | a message was sent
        notification.failed | 通知未发出 | an attempt failed
        matter.moved | 事项移转到另一家企业 | a matter went over to another enterprise, by a merger or a correction
        notification.unknown | 通知结果不明 | nobody can tell whether a message arrived
        """
    )
}
