import AviaryTracking

/// How much one `log-batch` may hold.
package enum BatchRules {
    private static let paramLimit = 100
    private static let tagLimit = 100
    /// Of metrics, params and tags together.
    private static let entryLimit = 1000

    package static func check(metrics: Int, params: Int, tags: Int) throws(MLflowError) {
        try check(metrics, "metrics", limit: Limits.pointsPerBatch)
        try check(params, "params", limit: paramLimit)
        try check(tags, "tags", limit: tagLimit)
        try check(metrics + params + tags, "metrics, params, and tags", limit: entryLimit)
    }

    private static func check(_ count: Int, _ things: String, limit: Int) throws(MLflowError) {
        guard count <= limit else {
            throw .invalid(
                "A batch logging request can contain at most \(limit) \(things). Got \(count) \(things). "
                    + "Please split up \(things) across multiple requests and try again.")
        }
    }
}
