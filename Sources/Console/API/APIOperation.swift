import Duty

/// One entry of the interface: what may be asked by which path, who may ask it, and what comes back.
struct APIOperation: Sendable {
    enum Method: String, Sendable { case get, post, delete }

    /// What is sent or comes back: a media type with its schema, if it has one.
    struct Content: Sendable {
        let media: String
        let schema: Value

        static func json(_ type: String) -> Content {
            Content(media: "application/json", schema: APIType.schema(type))
        }
        static func text(_ media: String) -> Content { Content(media: media, schema: ["type": "string"]) }
    }

    let id: String
    let method: Method
    let path: String
    /// Nil for what is open to everybody.
    let permission: Permission?
    let wording: Wording
    /// Those of the path are required, whatever the line says.
    let parameters: [APIField]
    let body: [Content]
    let answers: [(status: Int, content: [Content])]
    /// Beside 401 and 403, which every guarded path has.
    let refusals: [Int]

    init(
        _ id: String,
        _ method: Method,
        _ path: String,
        _ permission: Permission?,
        _ chinese: String,
        _ english: String,
        parameters: String = "",
        body: [Content] = [],
        answers: [(status: Int, content: [Content])],
        refusals: [Int] = []
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.permission = permission
        wording = Wording(chinese, english)
        self.parameters = APIField.lines(parameters)
        self.body = body
        self.answers = answers
        self.refusals = refusals
    }

    /// Whether the parameter stands in the path.
    func isInPath(_ parameter: APIField) -> Bool { path.contains("{\(parameter.name)}") }
}
