package import HTTPTypes

/// An answer of MLflow's protocol that says no.
///
/// Clients raise an exception with the code's name and the message, and some look into the message: where
/// MLflow has words for a case, these are the words.
package struct MLflowError: Error, Equatable {
    package let code: Code
    package let message: String
    package let status: HTTPResponse.Status

    /// A `status` of `nil` takes the one that goes with the code.
    package init(_ code: Code, _ message: String, status: HTTPResponse.Status? = nil) {
        self.code = code
        self.message = message
        self.status = status ?? code.status
    }

    /// A request that cannot be what was meant.
    static func invalid(_ message: String) -> MLflowError {
        MLflowError(.invalidParameterValue, message)
    }

    package var json: JSONValue {
        var members = [
            JSONMember(key: "error_code", value: .text(code.rawValue)),
            JSONMember(key: "message", value: .text(message)),
        ]
        if let kind = code.kind {
            members.append(JSONMember(key: "sqlstate", value: .text(kind.state)))
            members.append(JSONMember(key: "error_class", value: .text(kind.name)))
        }
        return .object(members)
    }
}

extension MLflowError {
    /// Those of the names that clients know that this server has a use for.
    package enum Code: String, CaseIterable, Sendable {
        case invalidParameterValue = "INVALID_PARAMETER_VALUE"
        case resourceAlreadyExists = "RESOURCE_ALREADY_EXISTS"
        case badRequest = "BAD_REQUEST"
        case permissionDenied = "PERMISSION_DENIED"
        case resourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST"
        case endpointNotFound = "ENDPOINT_NOT_FOUND"
        case resourceConflict = "RESOURCE_CONFLICT"
        case resourceExhausted = "RESOURCE_EXHAUSTED"
        case internalError = "INTERNAL_ERROR"
        case notImplemented = "NOT_IMPLEMENTED"
        case temporarilyUnavailable = "TEMPORARILY_UNAVAILABLE"

        /// Clients try again for four minutes on 408, 429, 500 and 502 to 504: none of these is for a mistake of theirs.
        package var status: HTTPResponse.Status {
            switch self {
            case .invalidParameterValue, .resourceAlreadyExists, .badRequest: .badRequest
            case .permissionDenied: .forbidden
            case .resourceDoesNotExist, .endpointNotFound: .notFound
            case .resourceConflict: .conflict
            case .resourceExhausted: .tooManyRequests
            case .internalError: .internalServerError
            case .notImplemented: .notImplemented
            case .temporarilyUnavailable: .serviceUnavailable
            }
        }

        /// The class that later clients sort a code into, with the SQLSTATE that goes with it.
        var kind: (name: String, state: String)? {
            switch self {
            case .invalidParameterValue, .badRequest: ("INVALID_PARAMETER_VALUE", "KAM00")
            case .resourceAlreadyExists: ("RESOURCE_ALREADY_EXISTS", "KAM00")
            case .permissionDenied: ("PERMISSION_DENIED", "KAM00")
            case .resourceDoesNotExist, .endpointNotFound: ("RESOURCE_NOT_FOUND", "KAM00")
            case .internalError, .temporarilyUnavailable: ("CLIENT_INTERNAL_ERROR", "XXM00")
            case .resourceConflict, .resourceExhausted, .notImplemented: nil
            }
        }
    }
}
