import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Lets in only who calls the server by one of its names, and no other site's script.
///
/// A page of another site can make its own name point here (DNS rebinding); then Host is that name. Or it can
/// ask under our name; then Origin or Sec-Fetch-Site says where it is from.
struct HostCheck: RouterMiddleware {
    let hosts: AllowedHosts

    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        try check(request, port: context.port)
        return try await next(request, context)
    }

    private func check(_ request: Request, port: Int?) throws {
        guard request.uri.string.utf8.first == UInt8(ascii: "/") else {
            throw APIError(.invalid, "the request's target should be a path")
        }
        // The first Host field is the authority; what is left among the fields is a second one.
        guard let authority = request.head.authority, field("host", request) == nil else {
            throw APIError(.invalid, "a request has exactly one Host field")
        }
        guard hosts.contain(authority, port: port) else {
            throw APIError(
                .forbidden, "'\(authority)' is not a name of this server; --allow-host adds one")
        }
        guard !isFromAnotherSite(request, port: port) else {
            throw APIError(.forbidden, "scripts of other sites may not use this server")
        }
    }

    private func isFromAnotherSite(_ request: Request, port: Int?) -> Bool {
        let isReading = request.method == .get || request.method == .head
        if !isReading, let origin = request.headers[.origin], !hosts.containOrigin(origin, port: port) {
            return true
        }
        return field("sec-fetch-site", request) == "cross-site"
            && field("sec-fetch-mode", request) != "navigate"
    }

    private func field(_ name: String, _ request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }
}
