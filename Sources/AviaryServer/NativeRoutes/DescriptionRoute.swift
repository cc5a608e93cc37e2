import Hummingbird
import HummingbirdCore

/// Says in OpenAPI 3.1 what the native routes are.
struct DescriptionRoute {
    let files: WebFiles

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/openapi.json") { request, _ -> Response in
            try files.response("api/openapi.json", to: request)
        }
    }
}
