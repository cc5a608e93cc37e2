import Dispatch
import Glibc

/// A connection on which a test says exactly what it wants to.
///
/// Reading blocks, so it happens on a thread of its own: the server's handlers need the cooperative pool.
final class Connection: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = try connectedSocket(port: port)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        Self.send(bytes, descriptor)
    }

    /// Sends a text that may be long: that waits for its reader, who may want the thread of this task.
    func sendLong(_ text: String) async {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "aviary.test.connection").async { [descriptor] in
                Self.send(Array(text.utf8), descriptor)
                continuation.resume()
            }
        }
    }

    private static func send(_ bytes: [UInt8], _ descriptor: Int32) {
        // A server that has hung up is no reason for a SIGPIPE.
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Says that nothing more comes, and goes on listening.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Reads until the server hangs up.
    func readAll() async throws -> [UInt8] {
        try await read { _ in false }
    }

    /// Reads until the text has come.
    func read(until end: String) async throws -> String {
        let bytes = try await read { String(decoding: $0, as: UTF8.self).contains(end) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains(end) else { throw ConnectionFailure(problem: "hung up after: \(text)") }
        return text
    }

    /// Reads until what has come is enough, or the server hangs up.
    func read(until isEnough: @escaping @Sendable ([UInt8]) -> Bool) async throws -> [UInt8] {
        let result: Result<[UInt8], ConnectionFailure> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "aviary.test.connection").async { [descriptor] in
                var all: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 1 << 16)
                while !isEnough(all) {
                    let count = recv(descriptor, &chunk, chunk.count, 0)
                    if count < 0 {
                        let text = String(decoding: all, as: UTF8.self)
                        let failure = ConnectionFailure(problem: "errno \(errno) after: \(text)")
                        return continuation.resume(returning: .failure(failure))
                    }
                    if count == 0 { break }
                    all += chunk[..<count]
                }
                continuation.resume(returning: .success(all))
            }
        }
        return try result.get()
    }
}

struct ConnectionFailure: Error {
    let problem: String
}

/// The descriptor of a socket that is connected with a server of this machine.
func connectedSocket(port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard connected == 0 else {
        let failure = ConnectionFailure(problem: "cannot connect, errno \(errno)")
        close(descriptor)
        throw failure
    }
    return descriptor
}
