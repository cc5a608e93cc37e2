import AviaryCatalogue
import Foundation

extension CatalogueEntry {
    /// The entry as `/api/v1/models` tells it.
    var json: [String: Any] {
        [
            "name": name, "summary": summary, "task": task, "dataset": dataset, "licence": licence,
            "parameters": parameterCount, "figures": figures.mapValues(jsonNumber),
            "bytes": weights.byteCount,
            "sha256": weights.sha256, "recipe": recipe, "run": run ?? NSNull(),
        ]
    }
}
