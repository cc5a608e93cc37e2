import Dispatch
import Glibc

/// Blocking calls: the server's handlers need the cooperative pool.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "aviary.test.socket").async {
            continuation.resume(with: Result { try body() })
        }
    }
}

/// A connection that blocks, and keeps nothing of what passes.
final class Socket: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = try connectedSocket(port: port)
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ConnectionFailure(problem: "cannot send, errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Nothing once the server hung up.
    func receive(upTo count: Int) throws -> [UInt8] {
        var failure: ConnectionFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if received < 0 { failure = ConnectionFailure(problem: "cannot receive, errno \(errno)") }
            filled = max(0, received)
        }
        if let failure { throw failure }
        return bytes
    }
}
