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
    /// The names that clients know.
    package enum Code: String, CaseIterable, Sendable {
        case invalidParameterValue = "INVALID_PARAMETER_VALUE"
        case resourceAlreadyExists = "RESOURCE_ALREADY_EXISTS"
        case badRequest = "BAD_REQUEST"
        case customerUnauthorized = "CUSTOMER_UNAUTHORIZED"
        case unauthenticated = "UNAUTHENTICATED"
        case permissionDenied = "PERMISSION_DENIED"
        case resourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST"
        case endpointNotFound = "ENDPOINT_NOT_FOUND"
        case notFound = "NOT_FOUND"
        case aborted = "ABORTED"
        case alreadyExists = "ALREADY_EXISTS"
        case resourceConflict = "RESOURCE_CONFLICT"
        case requestLimitExceeded = "REQUEST_LIMIT_EXCEEDED"
        case resourceExhausted = "RESOURCE_EXHAUSTED"
        case dataLoss = "DATA_LOSS"
        case internalError = "INTERNAL_ERROR"
        case invalidState = "INVALID_STATE"
        case notImplemented = "NOT_IMPLEMENTED"
        case temporarilyUnavailable = "TEMPORARILY_UNAVAILABLE"
        case deadlineExceeded = "DEADLINE_EXCEEDED"

        /// Clients try again for four minutes on 408, 429, 500 and 502 to 504: of these only INVALID_STATE, which
        /// MLflow answers to renaming what is deleted, is for a mistake of theirs.
        package var status: HTTPResponse.Status {
            switch self {
            case .invalidParameterValue, .resourceAlreadyExists, .badRequest: .badRequest
            case .customerUnauthorized, .unauthenticated: .unauthorized
            case .permissionDenied: .forbidden
            case .resourceDoesNotExist, .endpointNotFound, .notFound: .notFound
            case .aborted, .alreadyExists, .resourceConflict: .conflict
            case .requestLimitExceeded, .resourceExhausted: .tooManyRequests
            case .dataLoss, .internalError, .invalidState: .internalServerError
            case .notImplemented: .notImplemented
            case .temporarilyUnavailable: .serviceUnavailable
            case .deadlineExceeded: .gatewayTimeout
            }
        }

        /// The class that later clients sort a code into, with the SQLSTATE that goes with it.
        var kind: (name: String, state: String)? {
            switch self {
            case .invalidParameterValue, .badRequest: ("INVALID_PARAMETER_VALUE", "KAM00")
            case .resourceAlreadyExists: ("RESOURCE_ALREADY_EXISTS", "KAM00")
            case .customerUnauthorized, .permissionDenied: ("PERMISSION_DENIED", "KAM00")
            case .resourceDoesNotExist, .endpointNotFound, .notFound: ("RESOURCE_NOT_FOUND", "KAM00")
            case .internalError, .invalidState, .temporarilyUnavailable: ("CLIENT_INTERNAL_ERROR", "XXM00")
            case .unauthenticated, .aborted, .alreadyExists, .resourceConflict, .requestLimitExceeded,
                .resourceExhausted, .dataLoss, .notImplemented, .deadlineExceeded:
                nil
            }
        }
    }
}
