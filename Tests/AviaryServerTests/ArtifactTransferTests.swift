import AviaryArtifacts
import AviaryTrackingStore
import Foundation
import Glibc
import Testing

private let address = "/api/2.0/mlflow-artifacts/artifacts/1/file"

struct ArtifactTransferTests {
    @Test(arguments: ["Content-Length: 100", "Transfer-Encoding: chunked"])
    func `half a file is none`(length: String) async throws {
        try await withServer { server in
            let connection = try Connection(port: server.port)
            let body = length.hasPrefix("T") ? "64\r\nonly these bytes" : "only these bytes"
            connection.send(head(server, "PUT", [length]) + body)
            try await server.until { drafts in drafts.count == 1 }
            connection.finishSending()
            let answer = String(decoding: try await connection.readAll(), as: UTF8.self)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
            try await server.until { drafts in drafts.isEmpty }
            try await server.expectNothingKept()
        }
    }

    @Test func `a file whose sender goes away is none`() async throws {
        try await withServer { server in
            do {
                let connection = try Connection(port: server.port)
                connection.send(head(server, "PUT", ["Content-Length: 100"]) + "only these bytes")
                try await server.until { drafts in drafts.count == 1 }
            }
            try await server.until { drafts in drafts.isEmpty }
            try await server.expectNothingKept()
        }
    }

    @Test func `a length that is none is refused`() async throws {
        try await withServer { server in
            for length in ["-1", "x", "99999999999999999999"] {
                let answer = try await server.ask(raw: head(server, "PUT", ["Content-Length: \(length)"]))
                #expect(answer.status == 400, "\(length)")
            }
            try await server.expectNothingKept()
        }
    }

    @Test func `a file may come in chunks`() async throws {
        try await withServer { server in
            let answer = try await server.ask(
                raw: head(server, "PUT", ["Transfer-Encoding: chunked", "Connection: close"])
                    + "3\r\none\r\n4\r\n two\r\n0\r\n\r\n")
            #expect(answer.status == 200)
            #expect(try await server.ask(address).text == "one two")
        }
    }

    @Test func `a damaged file is not served as if it were whole`() async throws {
        try await withServer { server in
            _ = try await server.ask(address, method: "PUT", body: "0123456789")
            let blobs = BlobStore(folder: server.folder + "/store")
            let file = blobs.file(of: BlobStore.sha256(Array("0123456789".utf8)))
            try Data("01234".utf8).write(to: URL(filePath: file))
            for fields in [[], ["Range: bytes=3-7"]] {
                let answer = try await server.ask(address, headers: fields)
                #expect(answer.status == 500)
                #expect(
                    answer.text.hasPrefix(
                        #"{"error_code":"INTERNAL_ERROR","message":"something went wrong (incident "#))
                #expect(!answer.text.contains("/store"))
            }
            try FileManager.default.removeItem(atPath: file)
            #expect(try await server.ask(address).status == 500)
            _ = try await server.ask(address, method: "PUT", body: "0123456789")
            #expect(try await server.ask(address).text == "0123456789")
        }
    }

    /// In a process of its own, whose memory no other test fills.
    @Test func `a large file needs little memory, in and out`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try await withServer { server in
                let (megabyte, count) = ([UInt8](repeating: 7, count: 1 << 20), 192)
                _ = try await server.ask(address, method: "PUT", body: "warm")
                _ = try await server.ask(address)
                let idle = try Memory.peakOfNow()
                try await onThread {
                    let socket = try Socket(port: server.port)
                    try socket.send(Array(head(server, "PUT", ["Content-Length: \(count << 20)"]).utf8))
                    for _ in 0..<count { try socket.send(megabyte) }
                    guard try socket.receive(upTo: 1 << 16).starts(with: "HTTP/1.1 200 ".utf8) else {
                        throw ConnectionFailure(problem: "the file was not taken")
                    }
                }
                let afterUpload = try Memory.peak()
                let received = try await onThread {
                    let socket = try Socket(port: server.port)
                    try socket.send(Array(head(server, "GET", ["Connection: close"]).utf8))
                    var received = 0
                    while case let piece = try socket.receive(upTo: 1 << 20), !piece.isEmpty {
                        received += piece.count
                    }
                    return received
                }
                let afterDownload = try Memory.peak()
                let peaks = [idle, afterUpload, afterDownload].map { "\($0 >> 20)" }.joined(separator: ", ")
                try FileHandle.standardError.write(contentsOf: Data("peaks: \(peaks) MiB".utf8))
                guard received > count << 20, max(afterUpload, afterDownload) - idle < 64 << 20 else {
                    exit(1)
                }
            }
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("peaks: "), "\(said)")
    }
}

private func head(_ server: RunningServer, _ method: String, _ fields: [String]) -> String {
    let lines = ["\(method) \(address) HTTP/1.1", "Host: 127.0.0.1:\(server.port)"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
}

extension RunningServer {
    /// Waits until what lies in `tmp/` is so, ten seconds at most.
    fileprivate func until(_ isSo: ([String]) -> Bool) async throws {
        for _ in 0..<1000 where !isSo(names(in: folder + "/store/tmp")) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(isSo(names(in: folder + "/store/tmp")))
    }

    fileprivate func expectNothingKept() async throws {
        #expect(try await store.artifactEntries(of: "").isEmpty)
        #expect(files(under: folder + "/store/blobs") == [])
    }
}
