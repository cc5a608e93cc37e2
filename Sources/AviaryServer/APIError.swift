import HTTPTypes

/// An answer that says no.
struct APIError: Error, Equatable {
    enum Code: String {
        case notFound = "not_found"
        case invalid
        case conflict
        case unavailable
        case full
        case forbidden
        case `internal`
    }

    let code: Code
    let message: String
    let status: HTTPResponse.Status

    /// A `status` of `nil` takes the one that goes with the code.
    init(_ code: Code, _ message: String, status: HTTPResponse.Status? = nil) {
        self.code = code
        self.message = message
        self.status = status ?? Self.status(of: code)
    }

    var json: JSONValue {
        ["error": ["code": .text(code.rawValue), "message": .text(message)]]
    }

    private static func status(of code: Code) -> HTTPResponse.Status {
        switch code {
        case .notFound: .notFound
        case .invalid: .badRequest
        case .conflict: .conflict
        case .unavailable: .serviceUnavailable
        case .full: .insufficientStorage
        case .forbidden: .forbidden
        case .internal: .internalServerError
        }
    }
}

extension HTTPResponse.Status {
    /// The disk is full.
    static var insufficientStorage: Self {
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
    }
}
