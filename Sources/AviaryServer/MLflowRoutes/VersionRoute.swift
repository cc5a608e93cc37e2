import Hummingbird

/// Says which version of this program answers, as bare text.
///
/// A client of MLflow asks once, before it exports a trace, and takes the text for MLflow's version: from 3.4 on
/// it also posts the spans to `/v1/traces`, which is not served here. A version of MLflow would be a claim that
/// does not hold, and 404 would say that nobody knows; the program's own version is true, and below 3.4.
struct VersionRoute {
    let version: String

    func add(to router: Router<ServerContext>) {
        router.get("/version") { _, _ in version }
    }
}
