import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Puts on every answer what keeps browsers from being talked into mischief, and takes the body off HEAD.
struct SecurityHeaders: RouterMiddleware {
    private static let policy =
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'"

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
        if response.headers[.contentSecurityPolicy] == nil {  // a run's files have a stricter one
            response.headers[.contentSecurityPolicy] = Self.policy
        }
        return response
    }
}
