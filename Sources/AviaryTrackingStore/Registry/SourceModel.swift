import AviaryTracking
import GRDB

/// A logged model as far as versions of registered models lean on it.
struct SourceModel {
    /// The tag of a logged model that lists the versions that are it, as JSON.
    private static let versionsTag = "mlflow.modelVersions"

    let row: Int64
    let id: String
    /// The run that made it; `nil` where nobody said.
    let run: String?
    /// Where its files are.
    let location: String

    /// The logged model of this identifier, unless it is in the trash.
    static func find(_ id: String, _ db: Database) throws -> SourceModel? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT logged_model.id, nullif(run, ''), artifact_location
                FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
                WHERE uuid = ? AND logged_model.deleted_at IS NULL
                """)
        return try Row.fetchOne(statement, arguments: [id]).map {
            SourceModel(
                row: $0[0], id: id, run: $0[1], location: ArtifactPlace.ofLoggedModel(id, in: $0[2]))
        }
    }

    /// Adds a version to the list in the model's tag, as clients do that register one.
    func note(_ version: ModelVersionID, _ db: Database) throws {
        let known = try LoggedModelTable.tags.value(Self.versionsTag, of: row, db)
        let list = Self.adding(version, to: known ?? "")
        try LoggedModelTable.tags.set([ExactKey(Self.versionsTag): list], of: row, db)
    }

    /// The list with one more; a new list where the old one is none, or is too long to grow.
    private static func adding(_ version: ModelVersionID, to list: String) -> String {
        let entry = "{\"name\": \(quoted(version.model)), \"version\": \(version.number)}"
        guard list.hasPrefix("[{"), list.hasSuffix("}]") else { return "[\(entry)]" }
        guard !list.contains(entry) else { return list }
        let longer = "\(list.dropLast()), \(entry)]"
        return longer.unicodeScalars.count <= Limits.tagValueLength ? longer : "[\(entry)]"
    }

    /// A text in JSON as Python writes it, in ASCII.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: quoted += "\\" + String(decoding: [unit], as: UTF16.self)
            case 0x20...0x7E: quoted += String(decoding: [unit], as: UTF16.self)
            case 0x0A: quoted += "\\n"
            case 0x0D: quoted += "\\r"
            case 0x09: quoted += "\\t"
            default:
                let digits = String(unit, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return quoted + "\""
    }
}
