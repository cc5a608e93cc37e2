extension Lifecycle {
    /// The condition on a row of a table that has `deleted_at`.
    func condition(on table: String) -> String {
        switch self {
        case .active: "\(table).deleted_at IS NULL"
        case .deleted: "\(table).deleted_at IS NOT NULL"
        case .any: "1"
        }
    }
}
