/// The type of a body, as `application/json`.
package enum MediaType {
    /// The type that a Content-Type field names, in lower case and without `; charset=utf-8`.
    static func name(in field: String) -> String {
        let name = field.prefix { $0 != ";" }
        return name.lowercased().filter { $0 != " " && $0 != "\t" }
    }
}
