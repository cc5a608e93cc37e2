/// How much one `log-batch` may hold.
package enum BatchRules {
    package static func check(metrics: Int, params: Int, tags: Int) throws(MLflowError) {
        try check(metrics, "metrics", limit: 1000)
        try check(params, "params", limit: 100)
        try check(tags, "tags", limit: 100)
        try check(metrics + params + tags, "metrics, params, and tags", limit: 1000)
    }

    private static func check(_ count: Int, _ things: String, limit: Int) throws(MLflowError) {
        guard count <= limit else {
            throw .invalid(
                "A batch logging request can contain at most \(limit) \(things). Got \(count) \(things). "
                    + "Please split up \(things) across multiple requests and try again.")
        }
    }
}
