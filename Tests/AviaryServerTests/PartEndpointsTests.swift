import AviaryArtifacts
import AviaryServer
import AviaryTrackingStore
import Foundation
import Testing

private let base = "/api/2.0/mlflow-artifacts/"
private let nobody = String(repeating: "0", count: 32)

/// Files that are sent in parts.
struct PartEndpointsTests {
    @Test func `parts become one file, in whichever order they come`() async throws {
        try await withServer { server in
            let upload = try await Upload(of: "/home/me/big.bin", count: 3, server)
            let prefix = "http://127.0.0.1:\(server.port)\(base)mpu/part/\(upload.id)/"
            #expect(upload.addresses == (1...3).map { "\(prefix)\($0)" })
            var tags = ["", "", ""]
            for (number, text) in [(3, "gh"), (1, "other"), (1, "abc"), (2, "def")] {
                let answer = try await upload.put(number, text)
                #expect(answer.status == 200 && answer.text == "")
                tags[number - 1] = try #require(answer.headers["etag"])
            }
            #expect(tags[0] == "\"\(BlobStore.sha256(Array("abc".utf8)))\"")
            #expect(try await server.ask("\(base)artifacts/1/a/big.bin").status == 404)
            let done = try await upload.complete(tags)
            #expect(done.status == 200 && done.text == "{}")
            let file = try await server.ask("\(base)artifacts/1/a/big.bin")
            #expect(file.text == "abcdefgh")
            #expect(file.headers["etag"] == "\"\(BlobStore.sha256(Array("abcdefgh".utf8)))\"")
            #expect(try await upload.put(1, "abc").status == 404)
            // Its sender may not have heard the answer.
            #expect(try await upload.complete(tags).status == 200)
            #expect(Self.left(server) == ["parts-\(upload.id)"])  // what says so, until tomorrow
        }
    }

    @Test func `a file is whole, or is not there`() async throws {
        try await withServer { server in
            let upload = try await Upload(of: "C:\\\\me\\\\big.bin", count: 2, server)
            let first = try #require(try await upload.put(1, "abc").headers["etag"])
            let other = "\"\(BlobStore.sha256(Array("x".utf8)))\""
            let second = "parts[1]: no part 2 with this etag was sent"
            for (tags, message) in [
                ([first], "parts: 1 given, the upload has 2"), ([first, first], second),
                ([first, other], second),
                ([first, "../label"], second),
                ([other, other], "parts[0]: no part 1 with this etag was sent"),
            ] {
                let answer = try await upload.complete(tags)
                #expect(answer.status == 400)
                #expect(try JSONValue(answer)["message"] == .text(message))
            }
            for part in ["0", "3", "x"] {
                let answer = try await server.ask(
                    "\(base)mpu/part/\(upload.id)/\(part)", method: "PUT", body: "a")
                #expect(answer.status == 400)
                #expect(try JSONValue(answer)["message"] == .text("part '\(part)': should be from 1 to 2"))
            }
            #expect(try await server.store.artifactEntries(of: "").isEmpty)
            let abort = #"{"path":"big.bin","upload_id":"\#(upload.id)"}"#
            try await server.check(
                [
                    .refused(
                        "POST mpu/abort/1/b", abort, "no upload in parts has the id '\(upload.id)'",
                        .resourceDoesNotExist),
                    .ok("POST mpu/abort/1/a", abort),
                    .refused(
                        "POST mpu/abort/1/a", abort, "no upload in parts has the id '\(upload.id)'",
                        .resourceDoesNotExist),
                ], base: base)
            #expect(Self.left(server) == [])
        }
    }

    @Test func `what cannot be is refused`() async throws {
        try await withServer { server in
            let order = "parts[0].part_number: 2 given, 1 should stand there"
            let id = #""upload_id":"\#(nobody)""#
            try await server.check(
                [
                    .missing("path", "POST mpu/create/1/a", "{}"),
                    .missing("num_parts", "POST mpu/create/1/a", #"{"path":"x"}"#),
                    .refused(
                        "POST mpu/create/1/a", #"{"path":"x","num_parts":0}"#,
                        "Invalid value 0 for parameter 'num_parts' supplied: It should be from 1 to 10000."),
                    .refused(
                        "POST mpu/create/1/a", #"{"path":"x","num_parts":10001}"#,
                        "Invalid value 10001 for parameter 'num_parts' supplied: It should be from 1 to 10000."
                    ),
                    .refused("POST mpu/create/..%2fa", #"{"path":"x","num_parts":1}"#, "Invalid path"),
                    .refused("POST mpu/create/1/a", #"{"path":"a/..","num_parts":1}"#, "Invalid path"),
                    .missing("upload_id", "POST mpu/complete/1/a", #"{"path":"x"}"#),
                    .missing("parts", "POST mpu/complete/1/a", "{\"path\":\"x\",\(id)}"),
                    .missing(
                        "parts[0].etag", "POST mpu/complete/1/a",
                        "{\"path\":\"x\",\(id),\"parts\":[{\"part_number\":1}]}"),
                    .refused(
                        "POST mpu/complete/1/a",
                        "{\"path\":\"x\",\(id),\"parts\":[{\"part_number\":2,\"etag\":\"e\"}]}", order),
                    .refused(
                        "POST mpu/complete/1/a", "{\"path\":\"x\",\(id),\"parts\":[]}",
                        "no upload in parts has the id '\(nobody)'", .resourceDoesNotExist),
                    .refused(
                        "POST mpu/abort/1/a", #"{"path":"x","upload_id":"../../../etc"}"#,
                        "no upload in parts has the id '../../../etc'", .resourceDoesNotExist),
                    .refused(
                        "PUT mpu/part/\(nobody)/1", "abc", "no upload in parts has the id '\(nobody)'",
                        .resourceDoesNotExist),
                ], base: base)
            #expect(Self.left(server) == [])
        }
    }

    @Test func `a proxy's own scheme stands in the addresses`() async throws {
        try await withServer { server in
            let answer = try await server.ask(
                "\(base)mpu/create/1/a", method: "POST",
                headers: ["Content-Type: application/json", "X-Forwarded-Proto: https"],
                body: #"{"path":"x","num_parts":1}"#)
            let address = try JSONValue(answer)["credentials"]?[0]?["url"]?.text
            #expect(address?.hasPrefix("https://127.0.0.1:\(server.port)\(base)mpu/part/") == true)
        }
    }

    @Test func `parts that nobody goes on with are taken away after a day`() async throws {
        try await withServer { server in
            let old = try await Upload(of: "old.bin", count: 1, server)
            _ = try await old.put(1, "abc")
            let folder = "\(server.store.folder)/tmp/parts-\(old.id)"
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -86_500)], ofItemAtPath: folder)
            let new = try await Upload(of: "new.bin", count: 1, server)
            #expect(Self.left(server) == ["parts-\(new.id)"])
            #expect(try await old.put(1, "abc").status == 404)
        }
    }

    /// What lies in `tmp/`.
    private static func left(_ server: RunningServer) -> [String] {
        names(in: "\(server.store.folder)/tmp").filter { $0.hasPrefix("parts-") }
    }
}

/// A file that is being sent, into the folder `1/a`.
private struct Upload {
    let id: String
    let addresses: [String]
    private let path: String
    private let server: RunningServer

    init(of path: String, count: Int, _ server: RunningServer) async throws {
        let answer = try await server.post(
            "\(base)mpu/create/1/a", #"{"path":"\#(path)","num_parts":\#(count)}"#)
        let json = try JSONValue(answer)
        id = try #require(json["upload_id"]?.text, "\(answer.text)")
        addresses = json["credentials"]?.elements.compactMap { $0["url"]?.text } ?? []
        (self.path, self.server) = (path, server)
    }

    func put(_ number: Int, _ text: String) async throws -> Answer {
        try await server.ask("\(base)mpu/part/\(id)/\(number)", method: "PUT", body: text)
    }

    func complete(_ tags: [String]) async throws -> Answer {
        let parts = tags.enumerated().map { index, tag in
            #"{"part_number":\#(index + 1),"etag":"\#(tag.replacing("\"", with: "\\\""))","url":"x"}"#
        }
        let body = #"{"path":"\#(path)","upload_id":"\#(id)","parts":[\#(parts.joined(separator: ","))]}"#
        return try await server.post("\(base)mpu/complete/1/a", body)
    }
}
