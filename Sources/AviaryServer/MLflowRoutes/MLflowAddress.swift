/// The addresses that speak MLflow's protocol.
enum MLflowAddress {
    /// What clients call and what MLflow's own page calls; the same is served under both.
    static let bases = ["/api", "/ajax-api"]
    private static let areas = [["2.0", "mlflow"], ["3.0", "mlflow"], ["2.0", "mlflow-artifacts"]]

    /// What MLflow's page downloads from: under no base.
    static let downloads = ["/get-artifact", "/model-versions/get-artifact"]

    /// Whether a path lies there, known or not; empty parts are overlooked, as the router does.
    static func contains(_ path: String) -> Bool {
        let parts = path.split(separator: "/", maxSplits: 3)
        if downloads.contains(where: { $0.split(separator: "/") == parts }) { return true }
        guard let base = parts.first, bases.contains("/\(base)") else { return false }
        return areas.contains { area in parts.dropFirst().prefix(2).elementsEqual(area) { $0 == $1 } }
    }
}
