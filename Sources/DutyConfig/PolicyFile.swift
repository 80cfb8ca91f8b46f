import Duty

/// A county's document as a file: the policy, and what a check needs to know of the places in the file.
package struct PolicyFile: Sendable {
    /// A message code and where it stands.
    package struct CodeUse: Sendable {
        package let code: String
        package let line: Int
    }

    /// One audience of one step and where it stands.
    package struct TellSource: Sendable {
        /// `step breach of a22-response`, and the same in Chinese.
        package let name: Wording
        package let roles: [RoleID]
        package let messageClass: MessageClass
        /// The messages that go this way: that of the step, all-clear and withdrawal.
        package let codes: [String]
        package let line: Int
    }

    /// A role whose holders owe a duty each, and where the rule says so.
    package struct DutySource: Sendable {
        package let rule: RuleID
        package let role: RoleID
        package let line: Int
    }

    package let file: String
    /// The text itself, kept in the store: a matter is derived by the version it was opened under.
    package let text: String
    package let policy: Policy
    package let codes: [CodeUse]
    package let tells: [TellSource]
    package let duties: [DutySource]

    package static func load(
        path: String,
        locale: DutyclockConfiguration.Locale = .zhCN
    ) -> Loaded<PolicyFile> {
        let log = ProblemLog(file: path)
        guard let text = ConfigFiles.text(path: path, log: log) else { return Loaded(nil, log.problems) }
        return load(text: text, fileName: path, locale: locale)
    }

    /// Reads a text that need not be a file any more: `fileName` only stands in the problems.
    ///
    /// Titles and the names of roles are taken in the language of `locale`.
    package static func load(
        text: String,
        fileName: String,
        locale: DutyclockConfiguration.Locale = .zhCN
    ) -> Loaded<PolicyFile> {
        let log = ProblemLog(file: fileName)
        guard let document = YAMLDocument(text: text, log: log) else { return Loaded(nil, log.problems) }
        let value: PolicyFile? = document.root.mapping { map in
            PolicyReader(map, locale).file(fileName, text)
        }
        return Loaded(value, log.problems)
    }
}

/// Reads the parts of a policy file in the order in which they need each other.
private struct PolicyReader {
    let map: YAMLMapping
    let locale: DutyclockConfiguration.Locale

    init(_ map: YAMLMapping, _ locale: DutyclockConfiguration.Locale) {
        self.map = map
        self.locale = locale
    }

    func file(_ fileName: String, _ text: String) -> PolicyFile {
        let name = map.required("name")?.name() ?? ""
        let version = map.required("version")?.name() ?? ""
        let document = map.required("document")?.text() ?? ""
        let articleCount = map["articles"]?.integer(in: 1...99).map { Int($0) }
        let settings = ResolvedSettings(map["settings"])
        let roles = RoleReader(locale: locale).roles(map.required("roles"))
        let keyRoles = RoleReader(locale: locale).keyRoles(map["keyRoles"], among: roles)
        let values = PolicyValues(settings: settings, roles: roles, keyRoles: keyRoles, locale: locale)
        let problemsBefore = map.node.log.problems.count
        let ladders = LadderReader(values: values)
        ladders.read(map.required("escalations"))
        let reader = RuleReader(values: values, ladders: ladders, articleCount: articleCount)
        reader.read(map.required("rules"))
        let rates = RateReader(rules: reader.rules, names: reader.names).rates(map["rates"])
        // A rule that could not be read may well use what no other rule uses.
        if map.node.log.problems.count == problemsBefore {
            ladders.reportUnused()
            settings.reportUnused()
        }
        settings.check(roles: roles, root: map.node)
        let policy = Policy(
            name: name,
            version: version + "+" + ContentHash.short(text),
            document: document,
            articleCount: articleCount,
            effectiveFrom: CivilDate(settings.text("measure.effectiveFrom")) ?? CivilDate(.distantPast),
            roles: roles,
            escalations: ladders.policies,
            rules: reader.rules,
            rates: rates,
            settings: settings.values,
            keyRoles: keyRoles,
            orphanAfter: .hours(settings.values["orphan.afterHours"]?.integer ?? 24),
            orphanRole: RoleID(settings.text("orphan.tells")),
            backdateFlag: TimeText.span(settings.text("gate.backdateFlag")) ?? .hours(24),
            unknownEnterpriseIsInPark: settings.text("a22.unknownEnterprise") == "treatAsPark"
        )
        return PolicyFile(
            file: fileName,
            text: text,
            policy: policy,
            codes: ladders.codes + reader.codes,
            tells: ladders.tells + reader.tells,
            duties: reader.duties
        )
    }
}
