import HTTPTypes
import Hummingbird
import HummingbirdCore

extension Request {
    /// What a client of MLflow sent: the query of a GET, the body of all else, and what the route captured.
    func wireFields(bodyLimit: Int, _ context: ServerContext) async throws -> WireFields {
        let captures = try context.wireCaptures()
        switch method {
        case .get, .head: return try WireFields(query: uri.query ?? "", captures: captures)
        case .post, .put: try WireFields.checkContentType(headers[.contentType])
        default: break  // clients send DELETE and PATCH without saying what the body is
        }
        return try WireFields(body: try await bytes(upTo: bodyLimit), captures: captures)
    }
}

extension ServerContext {
    /// What stands in the address for the parts that a route names.
    fileprivate func wireCaptures() throws(MLflowError) -> [String: String] {
        var captures: [String: String] = [:]
        for (name, text) in parameters {
            guard let decoded = PercentEncoding.decode(text) else {
                throw .invalid("the percent encoding of '\(String(text).shortened())' is broken")
            }
            captures[String(name)] = decoded
        }
        return captures
    }
}

extension WireFields {
    /// Refuses a body of which it is not said that it is JSON: a page of another site cannot say so unasked.
    package static func checkContentType(_ field: String?) throws(MLflowError) {
        guard let field else { throw .invalid("Bad Request. Content-Type header is missing.") }
        guard MediaType.name(in: field) == "application/json" else {
            throw .invalid("Bad Request. Content-Type must be one of ['application/json'].")
        }
    }
}
