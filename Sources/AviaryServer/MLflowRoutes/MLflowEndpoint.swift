package import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One operation of MLflow's protocol: where it is, how its request is read, what answers it.
package struct MLflowEndpoint: Sendable {
    /// What the body of a request may have in bytes, unless the endpoint says otherwise.
    static let bodyLimit = 8 << 20

    package let methods: [HTTPRequest.Method]
    /// What follows `/api` and `/ajax-api`, as `/2.0/mlflow/runs/get`; `:name` stands for one part.
    package let path: String
    private let bases: [String]
    let respond: @Sendable (Request, ServerContext) async throws -> Response

    /// An endpoint whose request has fields and whose answer is an object.
    ///
    /// - Parameters:
    ///   - methods: `.get` reads the query, all others the body.
    ///   - path: Below `/api`; what stands for `:name` is a field of that name.
    ///   - bodyLimit: In bytes.
    ///   - reading: Checks the fields, in the order in which the protocol lists them.
    ///   - answering: Asks or changes the store.
    init<Question: Sendable>(
        _ methods: HTTPRequest.Method..., at path: String, bodyLimit: Int = MLflowEndpoint.bodyLimit,
        reading: @escaping @Sendable (WireFields) throws(MLflowError) -> Question,
        answering: @escaping @Sendable (Question) async throws -> WireObject
    ) {
        self.methods = methods
        self.path = path
        bases = MLflowAddress.bases
        respond = { request, context in
            let fields = try await request.wireFields(bodyLimit: bodyLimit, context)
            return .json(try await answering(try reading(fields)).json)
        }
    }

    /// An endpoint whose answer is written in pieces, since it may be large.
    init<Question: Sendable>(
        _ methods: HTTPRequest.Method..., at path: String,
        reading: @escaping @Sendable (WireFields) throws(MLflowError) -> Question,
        streaming: @escaping @Sendable (Question) async throws -> Response
    ) {
        self.methods = methods
        self.path = path
        bases = MLflowAddress.bases
        respond = { request, context in
            let fields = try await request.wireFields(bodyLimit: Self.bodyLimit, context)
            return try await streaming(try reading(fields))
        }
    }

    /// An endpoint that takes or gives bytes, as those of artifacts; some are under no base (`[""]`).
    init(
        _ methods: HTTPRequest.Method..., at path: String, bases: [String] = MLflowAddress.bases,
        responding respond: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        self.methods = methods
        self.path = path
        self.bases = bases
        self.respond = respond
    }

    /// The whole paths under which it is served.
    package var addresses: [String] { bases.map { $0 + path } }

    func add(to router: Router<ServerContext>) {
        for address in addresses {
            for method in methods {
                router.on(RouterPath(address), method: method) { request, context -> Response in
                    try await respond(request, context)
                }
            }
        }
    }
}
