import Duty

/// The files that describe the interface, as they stand in `docs/`.
package enum InterfaceFiles {
    /// Path below the folder, and content.
    package static var all: [(path: String, text: String)] {
        let schemas = EventKind.allCases.map { kind in
            let document = EventSchemaDocument(kind)
            return (path: "schemas/" + document.fileName, text: PrettyJSON.text(document.value))
        }
        return schemas + [(path: AsyncAPIDocument.fileName, text: asyncAPI)]
    }

    package static var asyncAPI: String { YAMLText.text(AsyncAPIDocument.value) }
}
