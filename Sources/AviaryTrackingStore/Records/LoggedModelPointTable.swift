import AviaryTracking
import GRDB

/// The points of runs that were measured of a logged model.
enum LoggedModelPointTable {
    /// Adds points of a run; those that are there already are ignored.
    ///
    /// - Throws: `TrackingError.loggedModelNotFound` if one names a model that is not there.
    static func add(_ links: [PointLink], of run: RunID, _ db: Database) throws {
        let known = try db.cachedStatement(sql: "SELECT id FROM logged_model WHERE uuid = ?")
        let new = try db.cachedStatement(
            sql: """
                INSERT INTO logged_model_point
                    (model, key, dataset_name, dataset_digest, run, step, timestamp, bits)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        for link in links {
            guard let model = try Int64.fetchOne(known, arguments: [link.model]) else {
                throw TrackingError.loggedModelNotFound(link.model)
            }
            let point = StoredPoint(link.point)
            try new.execute(
                arguments: [
                    model, link.point.key, link.datasetName, link.datasetDigest, run.description, point.step,
                    point.timestamp, point.bits,
                ])
        }
    }
}
