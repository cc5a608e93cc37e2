import Hummingbird
import HummingbirdCore

/// The dashboard: pages that fill themselves from the API, and the modules and styles they load.
struct PageRoutes {
    let files: WebFiles

    func add(to router: Router<ServerContext>) {
        let pages: [(RouterPath, String)] = [
            ("/", "index.html"),
            ("/runs/:id", "run.html"),
            ("/models", "models.html"),
            ("/models/:name", "model.html"),
        ]
        for (path, file) in pages {
            router.get(path) { request, _ -> Response in try files.response(file, to: request) }
        }
        router.get("/assets/**") { request, _ -> Response in
            let path = String(request.uri.path.dropFirst("/assets/".count))
            return try files.response(PercentEncoding.decode(path) ?? path, to: request)
        }
    }
}
