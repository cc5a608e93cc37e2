import AviaryTransfer
import Dispatch
import Synchronization
import Testing

/// What is brought in these tests: a thousand bytes.
private let file = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

/// A server, a download of its file and the download's destination in a folder of its own.
private func withDownload(
    from server: LoopbackServer, of expected: [UInt8] = file,
    _ body: (Download, String) async throws -> Void
) async throws {
    defer { server.stop() }
    try await withFolder { folder in
        try await body(try download(server.address(), of: expected, in: folder), folder + "/got")
    }
}

private func download(_ source: String, of expected: [UInt8], in folder: String) throws -> Download {
    try write(expected, to: folder + "/expected")
    return Download(
        source: source, destination: folder + "/got/file", byteCount: Int64(expected.count),
        sha256: try FileDigest.sha256(of: folder + "/expected"))
}

struct DownloadTests {
    @Test func `the digest of abc is the standard's`() async throws {
        try await withFolder { folder in
            try write(Array("abc".utf8), to: folder + "/abc")
            let digest = try FileDigest.sha256(of: folder + "/abc")
            #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        }
    }

    @Test func `a file comes whole, makes its folder and leaves nothing beside it`() async throws {
        try await withDownload(from: .serving(file)) { download, folder in
            let received = Mutex<[Int64]>([])
            try await download.run { progress in
                received.withLock { $0.append(progress.receivedByteCount) }
            }
            #expect(bytes(of: folder + "/file") == file)
            #expect(names(in: folder) == ["file"])
            #expect(received.withLock { $0.last } == 1000)
        }
    }

    @Test func `what an earlier transfer left is gone on from`() async throws {
        let server = try LoopbackServer.serving(file)
        try await withDownload(from: server) { download, folder in
            try makeFolder(folder)
            try write(Array(file[..<400]), to: folder + "/file.part")
            try await download.run()
            #expect(bytes(of: folder + "/file") == file)
            #expect(server.requests.count == 1)
            #expect(server.requests[0].contains("Range: bytes=400-\r\n"))
        }
    }

    @Test func `a transfer that breaks keeps what came, and the next one goes on`() async throws {
        let broken = try LoopbackServer.saying("200 OK", length: 1000, Array(file[..<400]))
        try await withDownload(from: broken) { download, folder in
            let error = await #expect(throws: TransferError.self) { try await download.run() }
            guard case .interrupted(_, 400, 1000, folder + "/file.part", _) = error else {
                Issue.record("not interrupted but \(String(describing: error))")
                return
            }
            #expect(bytes(of: folder + "/file.part") == Array(file[..<400]))
            #expect(names(in: folder) == ["file.part"])

            let server = try LoopbackServer.serving(file)
            defer { server.stop() }
            let again = Download(
                source: server.address(), destination: download.destination, byteCount: 1000,
                sha256: download.sha256)
            try await again.run()
            #expect(bytes(of: folder + "/file") == file)
        }
    }

    @Test(arguments: [0, 500, 999])
    func `one changed byte is refused and nothing is left`(position: Int) async throws {
        var changed = file
        changed[position] ^= 1
        let server = try LoopbackServer.serving(changed)
        try await withDownload(from: server) { download, folder in
            let error = await #expect(throws: TransferError.self) { try await download.run() }
            guard case .wrongChecksum(server.address(), download.sha256, _) = error else {
                Issue.record("not a wrong checksum but \(String(describing: error))")
                return
            }
            #expect(names(in: folder) == [])
        }
    }

    @Test func `the beginning of another version is forgotten`() async throws {
        try await withDownload(from: .serving(file)) { download, folder in
            try makeFolder(folder)
            try write([UInt8](repeating: 1, count: 400), to: folder + "/file.part")
            try await download.run()
            #expect(bytes(of: folder + "/file") == file)
        }
    }

    @Test func `a server without ranges gives the whole file again`() async throws {
        try await withDownload(from: .saying("200 OK", length: 1000, file)) { download, folder in
            try makeFolder(folder)
            try write(Array(file[..<400]), to: folder + "/file.part")
            try await download.run()
            #expect(bytes(of: folder + "/file") == file)
        }
    }

    @Test(arguments: [999, 1001])
    func `a file of another size is refused and nothing is left`(count: Int) async throws {
        let other = Array((file + file)[..<count])
        try await withDownload(from: .serving(other)) { download, folder in
            let error = await #expect(throws: TransferError.self) { try await download.run() }
            guard case .wrongSize(_, 1000, _) = error else {
                Issue.record("not a wrong size but \(String(describing: error))")
                return
            }
            #expect(names(in: folder) == [])
        }
    }

    @Test(arguments: [("404 Not Found", 404), ("500 Oops", 500), ("204 No Content", 204)])
    func `an answer that is not the file is refused`(line: String, status: Int) async throws {
        let server = try LoopbackServer.saying(line, length: status == 204 ? 0 : 5, Array("sorry".utf8))
        try await withDownload(from: server) { download, folder in
            await #expect(throws: TransferError.refused(address: server.address(), status: status)) {
                try await download.run()
            }
            #expect(names(in: folder) == [])
        }
    }

    @Test func `where nobody listens, the address is named`() async throws {
        let server = try LoopbackServer.serving(file)
        try await withDownload(from: server) { download, folder in
            server.stop()
            let error = await #expect(throws: TransferError.self) { try await download.run() }
            #expect(error?.description.hasPrefix("cannot fetch \(server.address()): ") == true)
            #expect(names(in: folder) == [])
        }
    }

    @Test func `cancelling stops within seconds and keeps what came`() async throws {
        let isOver = DispatchSemaphore(value: 0)
        defer { isOver.signal() }
        let server = try LoopbackServer { _, send in
            send(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8) + file[..<400])
            isOver.wait()
        }
        try await withDownload(from: server) { download, folder in
            let (starts, started) = AsyncStream.makeStream(of: Void.self)
            let task = Task { try await download.run { _ in started.yield() } }
            _ = await starts.first { _ in true }
            task.cancel()
            await #expect(throws: TransferError.cancelled(part: folder + "/file.part")) {
                try await task.value
            }
            #expect(bytes(of: folder + "/file.part") == Array(file[..<400]))
        }
    }
}

struct LocalFileTests {
    @Test(arguments: ["", "file://"])
    func `a file of this disk is copied and checked`(scheme: String) async throws {
        try await withFolder { folder in
            try await download(scheme + folder + "/expected", of: file, in: folder).run()
            #expect(bytes(of: folder + "/got/file") == file)
            #expect(names(in: folder + "/got") == ["file"])
        }
    }

    @Test func `a changed copy is refused and nothing is left`() async throws {
        try await withFolder { folder in
            try write(file.reversed(), to: folder + "/changed")
            let download = try download(folder + "/changed", of: file, in: folder)
            await #expect(throws: TransferError.self) { try await download.run() }
            #expect(names(in: folder + "/got") == [])
        }
    }

    @Test func `a missing file and a strange address are named`() async throws {
        try await withFolder { folder in
            let missing = try download(folder + "/none", of: file, in: folder)
            await #expect(throws: TransferError.missingFile(path: folder + "/none")) {
                try await missing.run()
            }
            let strange = try download("ftp://example.org/file", of: file, in: folder)
            await #expect(throws: TransferError.unsupportedAddress("ftp://example.org/file")) {
                try await strange.run()
            }
        }
    }
}
