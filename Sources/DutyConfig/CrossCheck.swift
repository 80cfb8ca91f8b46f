import Duty

/// What can only be seen with several files side by side; a file that could not be read is passed over.
struct CrossCheck {
    let configuration: DutyclockConfiguration
    let policy: PolicyFile?
    let directory: DirectoryFile?
    let knownCodes: Set<String>

    func problems() -> [ConfigProblem] {
        unknownCodes() + unknownBreakThroughs() + unroutedClasses() + classesOfNoStep() + unknownRoles()
            + peopleOfNoDepartment() + missingAddresses() + missingTemplates()
    }

    /// Posts that nobody holds: no mistake of any file, and nobody would be told.
    func vacancies() -> [ConfigProblem] { unreachableSteps() + dutiesOfNobody() }

    private func unknownCodes() -> [ConfigProblem] {
        guard let policy else { return [] }
        return policy.codes.filter { !knownCodes.contains($0.code) }.map { use in
            let hint = Spelling.hint(use.code, among: knownCodes.sorted())
            return ConfigProblem(
                file: policy.file,
                line: use.line,
                wording: Wording("消息 \(use.code) 没有模板,请补上模板文件或改正代码", "message \(use.code) has no template")
                    + hint
            )
        }
    }

    private func unknownBreakThroughs() -> [ConfigProblem] {
        guard let policy, let named = configuration.quietHours.breakThrough else { return [] }
        let rules = policy.policy.rules.map(\.id.text)
        let known = knownCodes.sorted() + rules
        return named.sorted().filter { !known.contains($0) }.map { word in
            ConfigProblem(
                file: configuration.file,
                line: configuration.quietHoursLine,
                wording: Wording(
                    "quietHours.breakThrough: “\(word)”既不是消息代码,也不是规则文件中的规则",
                    "quietHours.breakThrough: \"\(word)\" is neither a message nor a rule of the policy"
                ) + Spelling.hint(word, among: known)
            )
        }
    }

    // MARK: Steps that reach nobody

    private func unreachableSteps() -> [ConfigProblem] {
        guard let policy, let directory else { return [] }
        return policy.tells.flatMap { tell in
            tell.roles.filter { !reaches($0, policy.policy, directory.directory) }.map { role in
                ConfigProblem(
                    file: policy.file,
                    line: tell.line,
                    wording: Wording(
                        "\(tell.name.chinese): 通知不到任何人,通讯录里没有人员或办公室担任 \(role)",
                        "\(tell.name.english) reaches nobody: no person or office of the directory holds \(role)"
                    )
                )
            }
        }
    }

    /// Whether anybody can stand behind a role; rosters come from events and may name anyone.
    private func reaches(_ role: RoleID, _ policy: Policy, _ directory: Directory) -> Bool {
        var visited: Set<RoleID> = []
        var waiting = [role]
        while let next = waiting.popLast() {
            guard visited.insert(next).inserted else { continue }
            if next.text.hasPrefix("fact:")
                || policy.roles[next].map({ $0.binding == .enterprise || $0.binding == .park }) ?? false
            {
                return true
            }
            if directory.standing[next]?.isEmpty == false { return true }
            waiting += policy.roles[next]?.fallback ?? []
        }
        return false
    }

    /// A duty of each holder of a role is nobody's while the directory names none: its rule would be silent.
    private func dutiesOfNobody() -> [ConfigProblem] {
        guard let policy, let directory else { return [] }
        return policy.duties.filter { directory.directory.standing[$0.role]?.isEmpty ?? true }.map { duty in
            ConfigProblem(
                file: policy.file,
                line: duty.line,
                wording: Wording(
                    "\(duty.rule): 没有人承担,通讯录里没有人员或办公室担任 \(duty.role)",
                    "\(duty.rule) is owed by nobody: no person or office of the directory holds \(duty.role)"
                )
            )
        }
    }

    /// Who holds a department's role hears of the matters of that department alone, and has to name it.
    private func peopleOfNoDepartment() -> [ConfigProblem] {
        guard let policy, let directory else { return [] }
        return directory.entries.filter { !$0.isOffice && $0.departments.isEmpty }.flatMap { entry in
            entry.roles.filter { policy.policy.roles[$0]?.binding == .department }.map { role in
                ConfigProblem(
                    file: directory.file,
                    line: entry.line,
                    wording: Wording(
                        "\(entry.ref): 担任 \(role) 却没有写部门,请用 department 写明",
                        "\(entry.ref): holds \(role) of no department; name one with \"department\""
                    )
                )
            }
        }
    }

    // MARK: Routing and addresses

    private func unroutedClasses() -> [ConfigProblem] {
        guard let policy else { return [] }
        var seen: Set<MessageClass> = []
        return policy.tells.compactMap { tell in
            guard configuration.routing[tell.messageClass] == nil, seen.insert(tell.messageClass).inserted
            else {
                return nil
            }
            return ConfigProblem(
                file: configuration.file,
                line: configuration.routingLine,
                wording: Wording(
                    "routing: 缺少消息类别“\(tell.messageClass)”,\(tell.name.chinese)要用到(\(policy.file):\(tell.line))",
                    "routing: class \"\(tell.messageClass)\" is missing; \(tell.name.english) uses it"
                        + " (\(policy.file):\(tell.line))"
                )
            )
        }
    }

    /// Nothing would ever be sent there: mostly a slip of the pen.
    private func classesOfNoStep() -> [ConfigProblem] {
        guard let policy else { return [] }
        let known = Set(policy.tells.map(\.messageClass)).union([.personal, .group, .mail]).map(\.text)
        return configuration.routing.keys.map(\.text).sorted().filter { !known.contains($0) }.map { name in
            ConfigProblem(
                file: configuration.file,
                line: configuration.routingLine,
                wording: Wording(
                    "routing: 没有哪一步用到消息类别“\(name)”",
                    "routing: no step of the policy tells the class \"\(name)\""
                ) + Spelling.hint(name, among: known.sorted())
            )
        }
    }

    private func unknownRoles() -> [ConfigProblem] {
        guard let policy, let directory else { return [] }
        let known = policy.policy.roles
        return directory.entries.flatMap { entry in
            entry.roles.filter { known[$0] == nil }.map { role in
                let hint = Spelling.hint(role.text, among: known.keys.map(\.text))
                return ConfigProblem(
                    file: directory.file,
                    line: entry.line,
                    wording: Wording(
                        "\(entry.ref): 规则文件里没有角色“\(role)”",
                        "\(entry.ref): the policy has no role \"\(role)\""
                    ) + hint
                )
            }
        }
    }

    private func missingAddresses() -> [ConfigProblem] {
        guard let directory else { return [] }
        let channels = configuration.channels.map(\.name)
        return directory.entries.flatMap { entry in
            let unknown = entry.addresses.keys.sorted().filter { !channels.contains($0) }.map { channel in
                ConfigProblem(
                    file: directory.file,
                    line: entry.line,
                    wording: Wording(
                        "\(entry.ref): 写了渠道“\(channel)”的地址,但没有这条渠道",
                        "\(entry.ref): address for channel \"\(channel)\", which does not exist"
                    ) + Spelling.hint(channel, among: channels)
                )
            }
            return unknown
                + classesOutOfReach(entry).map { name in
                    ConfigProblem(
                        file: directory.file,
                        line: entry.line,
                        wording: Wording(
                            "\(entry.ref): 在消息类别“\(name)”的任何渠道上都没有地址,而规则要用这一类别通知此人的角色",
                            "\(entry.ref): has no address on any channel of the class \"\(name)\", "
                                + "by which the policy tells their roles"
                        )
                    )
                }
        }
    }

    /// Classes by which the person's roles are told and none of whose channels can reach the person.
    private func classesOutOfReach(_ entry: DirectoryFile.Entry) -> [MessageClass] {
        let classes = Set(
            (policy?.tells ?? []).filter { !$0.roles.allSatisfy { !entry.roles.contains($0) } }.map(
                \.messageClass
            )
        )
        return classes.sorted().filter { name in
            guard let route = configuration.routing[name] else { return false }
            // A channel with a mistake of its own has been spoken of already.
            return route.allSatisfy { channel in
                configuration.channel(channel).map { $0.needsAddress && entry.addresses[channel] == nil }
                    ?? false
            }
        }
    }
}
