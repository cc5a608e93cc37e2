import AviaryCatalogue
import Testing

private let name = "tiny.safetensors"
/// The SHA-256 of `0123456789`.
private let digest = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"

/// A zoo of one model whose weights are the ten digits, or what the test puts there.
func tinyZoo(_ bytes: String) -> (String) throws -> (Catalogue, WeightFiles) {
    { folder in
        let yaml = """
            models:
              - name: tiny
                summary: Ten digits
                task: image-classification
                dataset: none
                licence: Apache-2.0
                parameters: 10
                figures: {test/accuracy: 0.9123}
                weights: {file: \(name), bytes: 10, sha256: \(digest)}
                recipe: mlp-fashion-mnist
            """
        try write(Array(bytes.utf8), to: folder + "/zoo/weights/" + name)
        return (
            try Catalogue(yaml: yaml, origin: "test"),
            WeightFiles(folders: [folder + "/zoo"], cache: folder + "/none")
        )
    }
}

struct ZooRoutesTests {
    private let json = """
        {"name":"tiny","summary":"Ten digits","task":"image-classification","dataset":"none",\
        "licence":"Apache-2.0","parameters":10,"figures":{"test/accuracy":0.9123},"bytes":10,\
        "sha256":"\(digest)","recipe":"mlp-fashion-mnist","run":null
        """

    @Test func `models are listed and shown`() async throws {
        try await withServer(zoo: tinyZoo("0123456789")) { server in
            #expect(try await server.ask("/api/v1/models").text == "{\"models\":[\(json)}],\"next\":null}")
            #expect(try await server.ask("/api/v1/models/tiny").text == "\(json),\"card\":null}")
            let unknown = try await server.ask("/api/v1/models/huge")
            #expect(unknown.status == 404)
            #expect(unknown.text.contains("model 'huge' is not in the zoo; known: tiny"))
            #expect(try await server.ask("/zoo/catalogue.yml").text.hasPrefix("models:\n  - name: tiny\n"))
        }
    }

    @Test func `another Aviary pulls the weights, whole or from where it stopped`() async throws {
        try await withServer(zoo: tinyZoo("0123456789")) { server in
            let (catalogue, _) = try tinyZoo("0123456789")(server.folder)
            let entry = try catalogue.entry(named: "tiny")
            for kept in ["", "0123", "0123456789", "wrong"] {
                let cache = "\(server.folder)/cache-\(kept)"
                let places = WeightFiles(folders: [], cache: cache)
                if !kept.isEmpty { try write(Array(kept.utf8), to: "\(cache)/weights/\(name).part") }
                let file = try await places.pull(entry, from: "http://127.0.0.1:\(server.port)/")
                #expect(bytes(of: file) == Array("0123456789".utf8))
                #expect(names(in: cache + "/weights") == [name])
            }
        }
    }

    @Test(arguments: ["0123456788", "x123456789"])
    func `weights with a changed byte are refused, and nothing is left`(changed: String) async throws {
        try await withServer(zoo: tinyZoo(changed)) { server in
            let (catalogue, _) = try tinyZoo(changed)(server.folder)
            let places = WeightFiles(folders: [], cache: server.folder + "/cache")
            let error = await #expect(throws: CatalogueError.self) {
                try await places.pull(
                    try catalogue.entry(named: "tiny"), from: "http://127.0.0.1:\(server.port)")
            }
            #expect(error?.description.contains("is damaged or another file: its SHA-256 is ") == true)
            #expect(names(in: server.folder + "/cache/weights") == [])
        }
    }

    @Test func `weights that are not here are not found`() async throws {
        try await withServer(zoo: tinyZoo("too short")) { server in
            let missing = try await server.ask("/zoo/weights/\(name)")
            let outside = try await server.ask("/zoo/weights/..%2Fcatalogue.yml")
            #expect(missing.status == 404)
            #expect(outside.status == 404)
        }
    }
}
