import AviaryCatalogue
import Testing

/// The weights of the sample.
private let abc = Array("abc".utf8)
private let name = "resnet8.safetensors"

struct WeightFilesTests {
    @Test func `the first folder that has the right bytes wins`() async throws {
        try await withFolder { folder in
            let places = WeightFiles(folders: [folder + "/a", folder + "/b"], cache: folder + "/cache")
            let entry = try sampleEntry()
            #expect(throws: CatalogueError.self) { try places.verify(entry) }
            #expect(places.find(entry) == nil)
            try write(abc, to: folder + "/cache/weights/" + name)
            #expect(places.find(entry) == folder + "/cache/weights/" + name)
            try write(abc, to: folder + "/b/weights/" + name)
            #expect(try places.verify(entry) == folder + "/b/weights/" + name)
            try write(Array("abd".utf8), to: folder + "/a/weights/" + name)
            #expect(try places.verify(entry) == folder + "/b/weights/" + name)
        }
    }

    @Test func `damage is named with the file`() async throws {
        try await withFolder { folder in
            let places = WeightFiles(folders: [folder], cache: folder + "/cache")
            try write(Array("abcd".utf8), to: folder + "/weights/" + name)
            let error = #expect(throws: CatalogueError.self) { try places.verify(try sampleEntry()) }
            #expect(
                error?.description == """
                    the weights of 'resnet8-fashion-mnist' in \(folder)/weights/\(name) are damaged: SHA-256 \
                    88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589 instead of \(sampleDigest); \
                    remove the file and run `aviary zoo pull resnet8-fashion-mnist`
                    """)
        }
    }

    @Test func `missing weights are named with the command that fetches them`() throws {
        let places = WeightFiles(folders: ["/nowhere"], cache: "/none")
        let error = #expect(throws: CatalogueError.self) { try places.verify(try sampleEntry()) }
        #expect(
            error?.description == """
                the weights of 'resnet8-fashion-mnist' are not on this machine (looked in /nowhere, /none); \
                `aviary zoo pull resnet8-fashion-mnist` fetches them
                """)
    }
}

struct StandardFoldersTests {
    @Test func `the order is AVIARY_ZOO, beside the program, the checkout, the cache`() async throws {
        try await withFolder { folder in
            try write([], to: folder + "/Package.swift")
            try write([], to: folder + "/zoo/catalogue.yml")
            let places = WeightFiles.standard(
                environment: ["AVIARY_ZOO": "/mine", "XDG_CACHE_HOME": "/caches", "HOME": "/home/me"],
                program: folder + "/.build/release/aviary", workingFolder: "/")
            #expect(places.folders == ["/mine", folder + "/.build/share/aviary/zoo", folder + "/zoo"])
            #expect(places.cache == "/caches/aviary/zoo")
        }
    }

    @Test func `a relative cache is ignored, and without a checkout there is none`() {
        let places = WeightFiles.standard(
            environment: ["XDG_CACHE_HOME": "caches", "HOME": "/home/me"], program: "/usr/bin/aviary",
            workingFolder: "/nowhere")
        #expect(places.folders == ["/usr/share/aviary/zoo"])
        #expect(places.cache == "/home/me/.cache/aviary/zoo")
    }
}

struct PullTests {
    @Test(arguments: ["/zoo", "/zoo/", "/zoo/weights", "/zoo/weights/\(name)"])
    func `weights come from a folder or a file into the cache`(place: String) async throws {
        try await withFolder { folder in
            let places = WeightFiles(folders: [], cache: folder + "/cache")
            try write(abc, to: folder + "/zoo/weights/" + name)
            let file = try await places.pull(try sampleEntry(), from: folder + place)
            #expect(file == folder + "/cache/weights/" + name)
            #expect(bytes(of: file) == abc)
            #expect(names(in: folder + "/cache/weights") == [name])
        }
    }

    @Test func `the catalogue's sources are tried in order`() async throws {
        try await withFolder { folder in
            let places = WeightFiles(folders: [], cache: folder + "/cache")
            try write(abc, to: folder + "/second")
            let sources = "- /nowhere/\(name)\n        - \(folder)/second"
            let entry = try sampleEntry(replacing: "- /nowhere/\(name)", with: sources)
            #expect(bytes(of: try await places.pull(entry)) == abc)
        }
    }

    @Test func `what every source said is told, and nothing is left`() async throws {
        try await withFolder { folder in
            let places = WeightFiles(folders: [], cache: folder + "/cache")
            await #expect(
                throws: CatalogueError.notPulled(
                    model: "resnet8-fashion-mnist",
                    problems: ["there is no file at /nowhere/\(name)"])
            ) {
                try await places.pull(try sampleEntry())
            }
            #expect(names(in: folder + "/cache/weights") == [])
        }
    }

    @Test func `a changed byte is refused, and the good weights that were there stay`() async throws {
        try await withFolder { folder in
            let places = WeightFiles(folders: [], cache: folder + "/cache")
            try write(Array("abd".utf8), to: folder + "/changed")
            await #expect(throws: CatalogueError.self) {
                try await places.pull(try sampleEntry(), from: folder + "/changed")
            }
            #expect(names(in: folder + "/cache/weights") == [])
            try write(abc, to: folder + "/cache/weights/" + name)
            _ = try await places.pull(try sampleEntry(), from: folder + "/changed")
            #expect(bytes(of: folder + "/cache/weights/" + name) == abc)
        }
    }

    @Test func `without an address, --from is asked for`() async throws {
        let entry = try sampleEntry(
            replacing: "      sources:\n        - /nowhere/resnet8.safetensors\n", with: "")
        let places = WeightFiles(folders: [], cache: "/none")
        await #expect(throws: CatalogueError.noSource(model: "resnet8-fashion-mnist")) {
            try await places.pull(entry)
        }
    }
}
