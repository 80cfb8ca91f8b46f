import Duty
import Schemas

/// The OpenAPI 3.1 document, made from `APIOperations` and `APISchemas`.
package enum OpenAPIDocument {
    package static let fileName = "openapi.yaml"
    /// As `/openapi.yaml` and `docs/openapi.yaml` have it, byte for byte.
    package static let text = YAMLText.text(value)

    /// The version of the interface, not of the program.
    private static let version = "1.0.0"

    static var value: Value {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "dutyclock", "version": .string(version), "summary": "守信计时 Keeps promises in time",
                "description": .string(description),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/", "description": "http.listen 的地址 where http.listen says"]],
            "security": [["bearer": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer",
                        "description": .string(bearer),
                    ]
                ],
                "responses": .object(responses), "schemas": .object(schemas),
            ],
        ]
    }

    private static let description = """
        由 dutyclock schema 按守护进程的接口表生成;测试保证与路由和实际回答一致。
        Made by "dutyclock schema" from the daemon's own table; tests hold it against the routes and real answers.

        时间为 UTC(RFC 3339),日期按北京时间;金额为整数分;人员只有代号,没有姓名和电话。
        Times are UTC (RFC 3339), days those of Asia/Shanghai; amounts are whole fen; people are references, never names
        or telephone numbers.

        列表一页一页给:把 next 原样放进 after(或 before),直到它为 null;一页可以不满。
        Lists come in pages: next goes back as it is as after (or before) until it is null; a page may hold less than
        its limit.

        以后可能增加成员。
        Members may be added in time.
        """

    private static let bearer =
        "http.tokens 里的令牌;回环地址上可用 http.open 免去 "
        + "a token of http.tokens; not asked for where http.open is true, on loopback alone"

    // MARK: Paths

    private static var paths: [Value.Member] {
        var paths: [Value.Member] = []
        for operation in APIOperations.all {
            let entry = Value.Member(operation.method.rawValue, self.operation(operation))
            if let index = paths.firstIndex(where: { $0.name == operation.path }) {
                paths[index].value = .object((paths[index].value.members ?? []) + [entry])
            } else {
                paths.append(Value.Member(operation.path, .object([entry])))
            }
        }
        return paths
    }

    private static func operation(_ operation: APIOperation) -> Value {
        var members: [Value.Member] = [
            Value.Member("operationId", .string(operation.id)),
            Value.Member("summary", words(operation.wording)),
        ]
        if let permission = operation.permission {
            let roles = AccessRole.allCases.filter { $0.may(permission) }.map { Value.string($0.rawValue) }
            members.append(Value.Member("x-roles", .array(roles)))
        } else {
            members.append(Value.Member("security", []))
        }
        if !operation.parameters.isEmpty {
            let parameters = operation.parameters.map { parameter($0, isInPath: operation.isInPath($0)) }
            members.append(Value.Member("parameters", .array(parameters)))
        }
        if !operation.body.isEmpty {
            members.append(
                Value.Member("requestBody", ["required": true, "content": content(operation.body)])
            )
        }
        let answers = operation.answers.map { answer in
            Value.Member(
                "\(answer.status)",
                ["description": .string(reasons[answer.status] ?? "-"), "content": content(answer.content)]
            )
        }
        let refusals = (operation.permission == nil ? [] : [401, 403]) + operation.refusals
        members.append(
            Value.Member(
                "responses",
                .object(
                    answers
                        + refusals.sorted().map {
                            Value.Member("\($0)", APIType.reference("responses", "Problem\($0)"))
                        }
                )
            )
        )
        return .object(members)
    }

    private static func parameter(_ field: APIField, isInPath: Bool) -> Value {
        [
            "name": .string(field.name), "in": isInPath ? "path" : "query",
            "required": .bool(isInPath || field.isRequired), "description": words(field.wording),
            "schema": field.schema,
        ]
    }

    private static func content(_ content: [APIOperation.Content]) -> Value {
        .object(content.map { Value.Member($0.media, ["schema": $0.schema]) })
    }

    // MARK: Components

    private static let reasons: [Int: String] = [
        200: "好 done", 202: "已收下 taken", 400: "请求不对 the request is wrong",
        401: "没有令牌或令牌不认识 no token, or an unknown one",
        403: "角色不够 the role is not enough", 404: "没有 there is none", 409: "另一个正在进行 another is under way",
        413: "太大 too large", 422: "看得懂但不能照办 understood, and cannot be done",
        503: "要用的东西不在 something that is needed is away",
    ]

    private static var responses: [Value.Member] {
        [400, 401, 403, 404, 409, 413, 422, 503].map { status in
            Value.Member(
                "Problem\(status)",
                [
                    "description": .string(reasons[status] ?? "-"),
                    "content": ["application/json": ["schema": APIType.reference("schemas", "Problem")]],
                ]
            )
        }
    }

    private static var schemas: [Value.Member] {
        let states = NotificationState.allCases.map { Value.string($0.rawValue) }
        return APISchemas.all.map { Value.Member($0.name, object($0.fields)) } + [
            Value.Member("NotificationState", ["type": "string", "enum": .array(states)])
        ]
    }

    private static func object(_ fields: [APIField]) -> Value {
        var members: [Value.Member] = [Value.Member("type", "object")]
        let required = fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { members.append(Value.Member("required", .array(required))) }
        members.append(
            Value.Member(
                "properties",
                .object(
                    fields.map { field in
                        Value.Member(
                            field.name,
                            .object(
                                (field.schema.members ?? []) + [
                                    Value.Member("description", words(field.wording))
                                ]
                            )
                        )
                    }
                )
            )
        )
        return .object(members)
    }

    private static func words(_ wording: Wording) -> Value {
        .string(wording.chinese + " " + wording.english)
    }
}
