import Dispatch
import Glibc
import Synchronization

/// Answers on a loopback port as the test says, one connection after the other.
final class LoopbackServer: Sendable {
    /// Gets the request's head and a function that sends bytes; the connection ends when it returns.
    typealias Answer = @Sendable (String, ([UInt8]) -> Void) -> Void

    let port: Int
    private let descriptor: Int32
    private let heads = Mutex<[String]>([])
    private let isStopped = Mutex(false)

    init(answer: @escaping Answer) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        port = try LoopbackServer.listen(descriptor)
        DispatchQueue(label: "loopback").async { [self] in serve(answer) }
    }

    /// The heads of the requests so far.
    var requests: [String] { heads.withLock { $0 } }

    func address(_ path: String = "/file") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Later calls do nothing: the descriptor may be somebody else's by then.
    func stop() {
        let isFirst = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return !isStopped
        }
        guard isFirst else { return }
        shutdown(descriptor, Int32(SHUT_RDWR))  // wakes `accept`; the serving thread closes
    }

    private static func listen(_ descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) != 0 || Glibc.listen(descriptor, 8) != 0
                    || getsockname(descriptor, address, &size) != 0
            }
        }
        if failed { throw LoopbackFailure(code: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Closes the socket itself: closed elsewhere, its number could be another test's socket at the next `accept`,
    /// and this server would answer that test.
    private func serve(_ answer: Answer) {
        defer { close(descriptor) }
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { return }
            let head = readHead(connection)
            heads.withLock { $0.append(head) }
            answer(head) { bytes in
                // A client that has gone is no reason for a SIGPIPE.
                _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
            close(connection)
        }
    }

    private func readHead(_ connection: Int32) -> String {
        var head = ""
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !head.hasSuffix("\r\n\r\n") {
            let count = read(connection, &chunk, chunk.count)
            guard count > 0 else { break }
            head += String(decoding: chunk[..<count], as: UTF8.self)
        }
        return head
    }
}

struct LoopbackFailure: Error {
    let code: Int32
}

extension LoopbackServer {
    /// Serves one file, with parts of it if they are asked for.
    static func serving(_ file: [UInt8]) throws -> LoopbackServer {
        try LoopbackServer { request, send in
            let offset = rangeStart(request)
            let part = Array(file[offset...])
            let status = offset > 0 ? "206 Partial Content" : "200 OK"
            send(head(status, length: part.count))
            send(part)
        }
    }

    /// Serves the same bytes whatever is asked.
    static func saying(_ status: String, length: Int, _ body: [UInt8]) throws -> LoopbackServer {
        try LoopbackServer { _, send in
            send(head(status, length: length))
            send(body)
        }
    }

    private static func head(_ status: String, length: Int) -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n".utf8)
    }

    private static func rangeStart(_ head: String) -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("range: bytes=") {
            return Int(line.dropFirst("range: bytes=".count).prefix { $0 != "-" }) ?? 0
        }
        return 0
    }
}
