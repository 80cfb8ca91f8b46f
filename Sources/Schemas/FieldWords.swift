import Duty

/// What the fields are called.
enum FieldWords {
    /// The words for a field of a type: those for `type/field`, else those for the field wherever it stands.
    static func wording(_ field: String, of type: String) -> Wording? {
        table[type + "/" + field] ?? table[field]
    }

    private static let table = Wording.table(general + "\n" + special + "\n" + outcomes)

    private static let general = """
        aboveScale | 是否规上企业 | whether above the statistical scale
        acceptedAt | 受理时间 | when the application was complete
        actor | 操作人 | who acted
        amountFen | 金额(分) | amount in fen
        anonymous | 是否匿名 | whether the complainant is anonymous
        approvalId | 审批编号 | approval
        approvedBy | 批准人 | who approved
        assessmentId | 测评编号 | assessment
        assignmentId | 指定编号 | assignment
        at | 发生时间 | when it happened
        attributable | 是否因服务和指导不到位 | whether poor service or guidance caused it
        auto | 是否自动回复 | whether a machine answered
        backup | 是否后备 | whether as a backup
        baseGuidePriceFen | 原指导价(分) | earlier guide price in fen
        brand | 是否诚信品牌企业 | whether a brand of integrity
        byDept | 部门编号 | department
        caseId | 案件编号 | case
        category | 对应条款 | article it is about
        cause | 变更原因 | why
        causes | 不到位的方面 | what was poor
        changes | 变更的字段与新值 | changed fields with their new values
        channel | 来源渠道 | how it came in
        class | 类别 | class
        clueId | 线索编号 | clue
        code | 代码 | code
        complaintId | 诉求编号 | complaint
        contactRef | 联系人代号 | contact, never a name or number
        currency | 币种 | currency
        cycle | 第几轮 | which round
        decidedAt | 决定日期与时间 | when it was decided
        decidedBy | 认定人 | who decided
        decisionId | 认定编号 | decision
        deptId | 部门编号 | department
        direction | 方向 | direction
        docNo | 文号 | number of the document
        dutyCode | 职责代码 | duty
        effectiveFrom | 生效日 | from when it holds
        emergency | 是否紧急 | whether urgent
        end | 计划结束时间 | planned end
        enterpriseId | 企业编号 | enterprise
        escortPersonRef | 陪同人员 | who escorted
        exception | 例外情形 | ground for an exception
        feeId | 收费编号 | fee
        findings | 是否发现问题 | whether something was found
        fineId | 罚款编号 | fine
        first | 是否首次 | whether the first time
        firstMinorNoHarm | 是否首次、轻微且无危害 | whether first, minor and harmless
        from | 起始日 | from when
        grade | 档次 | grade
        inNormalProduction | 是否正常生产 | whether in normal production
        inPark | 是否入园 | whether in the park
        industry | 行业 | industry
        investedByPark | 是否园区招商引资 | whether brought in by the park
        item | 收费项目 | what is charged for
        itemCode | 事项代码 | item
        kind | 种类 | kind
        level | 层级 | level
        makeupWorkdays | 调休上班日 | working days on weekends
        materialCode | 材料代码 | material
        serviceCode | 中介服务代码 | service of an intermediary
        agency | 指定的中介机构 | agency that was named
        mergedInto | 并入的企业 | enterprise it was merged into
        microSmall | 是否小微 | whether micro or small
        milestone | 节点 | milestone
        minor | 是否轻微 | whether minor
        mode | 方式 | how
        name | 名称 | name
        note | 备注(不含个人信息) | remark without personal data
        notificationId | 通知编号 | notification
        offDays | 放假日 | days off
        openedAt | 立案时间 | when the case was opened
        orgUnit | 单位编号 | office
        outcome | 结果 | outcome
        paidFen | 实付金额(分) | amount paid in fen
        parkId | 园区编号 | park
        parkPersonRef | 园区接洽人 | whom in the park
        patch | 路径与新值 | paths with their new values
        penaltyId | 处罚编号 | penalty
        performedAt | 履行时间 | when it was performed
        personRef | 人员代号 | person, never a name or number
        planRef | 方案文件 | document with the plan
        plannedBy | 计划完成日 | planned day of completion
        procedure | 程序 | procedure
        projectId | 项目编号 | project
        proofRef | 佐证材料 | proof
        proposedAt | 提出时间 | when it was proposed
        publishedAt | 公布时间 | when it was published
        purpose | 目的 | purpose
        rank | 名次 | rank
        rating | 评分 | rating
        reason | 原因 | reason
        reasonRef | 理由文件 | document with the reasons
        ref | 文号 | number of the document
        registeredAt | 登记时间 | when it was registered
        replyRef | 答复文件 | document with the reply
        reportId | 报告编号 | report
        reportedAt | 报告时间 | when it was reported
        requestedAt | 申请时间 | when it was requested
        respondedAt | 回应时间 | when it was responded to
        responsibleUnit | 责任单位 | responsible office
        results | 结果 | results
        revision | 版次 | revision
        role | 角色 | role
        round | 第几次要求 | how many times asked
        satisfaction | 满意度 | satisfaction
        scheme | 测评种类 | kind of assessment
        scope | 范围 | for what
        silenceId | 静默编号 | silence
        until | 结束时间 | until when
        silence.set/by | 设置人 | by whom
        silence.ended/by | 结束人 | by whom
        notification.acknowledged/by | 代为确认人 | who acknowledged it for them
        escalation.requested/by | 升级人 | by whom
        escalation.requested/matter | 事项 | matter
        escalation.requested/ruleId | 规则 | rule
        escalation.requested/stage | 升级到的步骤 | step of the ladder
        escalation.requested/cycle | 第几轮 | cycle
        escalation.requested/subject | 规则中的对象 | what the rule is about
        requestId | 请求编号 | request
        silence.set/all | 是否全部 | whether about everything
        silence.set/matter | 事项 | matter
        silence.set/ruleId | 规则 | rule
        serviceId | 服务编号 | service
        solved | 是否解决 | whether solved
        stage | 环节 | stage
        start | 计划开始时间 | planned start
        step | 环节名称 | step
        subjectId | 案件或处罚编号 | case or penalty
        subjectType | 报告对象 | what the report is about
        summary | 事由摘要(不含个人信息) | what it is about, without personal data
        surchargeFen | 加处罚款(分) | surcharge in fen
        targetId | 被更正事件的 id | id of the event
        targetSource | 被更正事件的来源,多个来源编号相同时写明 | source of the event, where several have that id
        targetType | 被更正事件的种类 | kind of the event
        theme | 主题 | theme
        to | 结束日 | until when
        toPersonRef | 接收人 | to whom
        toRole | 接收人角色 | in which role
        underReview | 是否复议或诉讼中 | whether under review
        uscc | 统一社会信用代码 | unified social credit code
        version | 计划版次 | version of the plan
        via | 确认途径 | by which way
        violatedAt | 违法行为发生日 | when the violation happened
        visitId | 入企编号 | visit
        voucherRef | 凭证 | voucher
        weights | 各角色权重 | weight of each role
        year | 年份 | year
        """

    private static let special = """
        complaint.filed/filedAt | 提出时间 | when it was filed
        complaint.filed/kind | 诉求种类 | kind of complaint
        complaint.filed/amountFen | 拖欠金额(分) | amount in arrears in fen
        complaint.classified/class | 办理类别 | class that decides the limit
        complaint.responded/by | 回应人 | who responded
        complaint.resolved/outcome | 办理结果 | how it ended
        complaint.withdrawn/by | 由谁撤回 | who withdrew it
        complaint.reopened/cycle | 第几轮办理 | which round of handling begins
        service.requested/kind | 服务种类 | kind of service
        service.requested/amountFen | 兑现金额(分) | amount applied for in fen
        service.paused/reason | 暂停原因 | why the clock stands
        service.resumed/reason | 暂停原因 | why the clock stood
        enterprise.deregistered/reason | 原因 | why it ceased
        visit.planned/level | 部门层级 | level of the department
        case.closed/at | 结案时间 | when the case was closed
        penalty.decided/kind | 处罚种类 | kind of penalty
        fine.issued/amountFen | 罚款金额(分) | fine in fen
        fine.revised/amountFen | 变更后金额(分) | fine from now on in fen
        fine.share.settled/amountFen | 履行金额(分),退还为负 | paid in fen, negative if given back
        report.made/byDept | 报告部门 | department that reports
        approval.material.requested/stage | 审批环节 | stage of the approval
        approval.intermediary.required/stage | 审批环节 | stage of the approval
        record.corrected/by | 更正人 | who corrected
        record.voided/by | 作废人 | who voided
        """

    private static let outcomes = """
        outcome/matter | 事项 | matter
        outcome/enterpriseId | 企业编号,无企业为 - | enterprise, or - for none
        outcome/at | 所述时刻 | the moment it is about
        outcome/measureVersion | 文件 | the document
        outcome/calendarRevision | 日历版本 | revision of the calendar
        outcome/ruleId | 规则 | rule
        outcome/article | 条款 | article
        outcome/ruleVersion | 规则版本 | version of the policy
        outcome/dueAt | 到期时间 | when it is due
        outcome/oldDueAt | 原到期时间 | when it was due before
        outcome/calendarProvisional | 日历尚未公布 | counted without a holiday notice
        outcome/lateIngest | 事件到达时已逾期 | the event came when it was due already
        outcome/ingestDelaySeconds | 事件迟到秒数 | how late the event came
        outcome/delayedBySeconds | 本系统延误秒数 | our own delay
        outcome/overdueSeconds | 超期秒数 | how late it was done
        outcome/correctedBreach | 逾期已更正 | the breach was none
        outcome/backdated | 补录 | recorded long afterwards
        outcome/clockSkew | 时钟有误 | a time from the future
        outcome/code | 通知代码 | code of the message
        outcome/stage | 阶段 | stage
        outcome/class | 通知类别 | class of message
        outcome/channel | 通知渠道 | channel
        outcome/attempt | 第几次尝试 | which attempt
        outcome/durationMilliseconds | 本次尝试用时(毫秒) | how long the attempt took, in milliseconds
        outcome/providerCode | 通道返回码 | the provider's code
        outcome/owners | 到期时的责任人 | who had to act when the time was over
        outcome/formerEnterpriseId | 原企业编号 | the enterprise that the matter belonged to before
        outcome/obligations | 尚未了结的责任 | what is still open
        outcome/state | 状态:open 计时中,breached 已逾期 | open, or breached and not done
        outcome/openedAt | 开始时间 | since when
        outcome/entryKind | 台账条目种类 | kind of the ledger entry
        outcome/revision | 罚款版次 | revision of the fine
        outcome/amountFen | 变动金额(分) | movement in fen
        """
}
