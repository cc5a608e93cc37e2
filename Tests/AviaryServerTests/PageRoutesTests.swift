import AviaryWebFiles
import Testing

struct PageRoutesTests {
    @Test(
        arguments: [
            ("/", "index.html"), ("/runs/abc", "run.html"), ("/models", "models.html"),
            ("/models/resnet8", "model.html"),
        ])
    func `a page is its file`(path: String, file: String) async throws {
        try await withServer { server in
            let answer = try await server.ask(path)
            #expect(answer.status == 200)
            #expect(answer.body == bytes(of: "\(checkout())/web/\(file)"))
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
        }
    }

    @Test func `an asset has its type, and is sent once`() async throws {
        try await withServer { server in
            let answer = try await server.ask("/assets/app/runs.js")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/javascript; charset=utf-8")
            let tag = try #require(answer.headers["etag"])
            let again = try await server.ask("/assets/app/runs.js", headers: ["If-None-Match: \(tag)"])
            #expect(again.status == 304)
            #expect(again.body == [])
            #expect(try await server.ask("/assets/../Package.swift").status == 404)
            #expect(try await server.ask("/assets/none.js").status == 404)
        }
    }

    @Test func `the program has every file of the folder, byte for byte`() {
        let folder = checkout() + "/web"
        let served: Set = ["html", "css", "js", "svg"]
        let expected = files(under: folder).filter { path in
            path == "api/openapi.json"
                || !path.hasPrefix("tests/") && served.contains(String(path.split(separator: ".").last ?? ""))
        }
        var embedded: [String] = []
        for index in 0..<aviary_web_file_count() {
            let file = aviary_web_file(index).pointee
            let path = String(cString: file.path)
            embedded.append(path)
            let content = Array(UnsafeBufferPointer(start: file.bytes, count: Int(file.count)))
            #expect(content == bytes(of: "\(folder)/\(path)"), "\(path)")
        }
        #expect(embedded == expected.sorted(), "web/embed.c lists the files, in the order of their paths")
    }
}
