import AviaryCatalogue
import AviaryZooFiles
import Testing

struct CatalogueTests {
    @Test func `every field of an entry is read`() throws {
        let entry = try sampleEntry()
        #expect(entry.summary == "ResNet-8 on grey images")
        #expect(entry.task == "image-classification")
        #expect(entry.dataset == "fashion-mnist")
        #expect(entry.licence == "Apache-2.0")
        #expect(entry.parameterCount == 75_002)
        #expect(entry.figures == ["test/accuracy": 0.9123, "test/loss": 0.25])
        #expect(entry.weights.file == "resnet8.safetensors")
        #expect(entry.weights.byteCount == 3)
        #expect(entry.weights.sha256 == sampleDigest)
        #expect(entry.weights.sources == ["/nowhere/resnet8.safetensors"])
        #expect(entry.recipe == "resnet8-fashion-mnist")
        #expect(entry.run == "0123456789abcdef0123456789abcdef")
    }

    @Test(
        arguments: [
            (
                "licence:", "license:",
                "models[0].license is unknown; known: name, summary, task, dataset, licence, parameters, "
                    + "figures, weights, recipe, run"
            ),
            ("    task: image-classification\n", "", "models[0].task is missing"),
            (
                "name: resnet8-fashion-mnist", "name: ../etc",
                "models[0].name is '../etc'; it takes lower-case letters, digits and '-'"
            ),
            ("75002", "many", "models[0].parameters is 'many', not a positive number"),
            ("0.9123", "high", "models[0].figures.test/accuracy should be a number"),
            (
                "file: resnet8.safetensors", "file: ../resnet8",
                "models[0].weights.file is '../resnet8'; it takes a file name of letters, digits, '.-_'"
            ),
            ("bytes: 3", "bytes: -3", "models[0].weights.bytes is '-3', not a positive number"),
            (
                "sha256: ba", "sha256: BA",
                "models[0].weights.sha256 is 'BA\(sampleDigest.dropFirst(2))'; "
                    + "it takes 64 lower-case hexadecimal digits"
            ),
            ("models:\n", "models: 3\nrest:\n", "rest is unknown; known: models"),
        ])
    func `a wrong field is named with what it takes`(old: String, new: String, problem: String) throws {
        let error = #expect(throws: CatalogueError.self) { try sampleEntry(replacing: old, with: new) }
        #expect(error?.description == "catalogue sample: \(problem)")
    }

    @Test func `what is no YAML is said to be so, in one line`() throws {
        let error = #expect(throws: CatalogueError.self) {
            try Catalogue(yaml: "models: [", origin: "sample")
        }
        #expect(error?.description.hasPrefix("cannot read the catalogue sample: ") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `an unknown model is named with those there are`() throws {
        let catalogue = try Catalogue(yaml: sampleYAML(), origin: "sample")
        let error = #expect(throws: CatalogueError.self) { try catalogue.entry(named: "resnet9") }
        #expect(error?.description == "model 'resnet9' is not in the zoo; known: resnet8-fashion-mnist")
    }

    @Test func `the catalogue inside the program is sound`() throws {
        let catalogue = try Catalogue.embedded()
        for entry in catalogue.entries {
            #expect(catalogue.card(of: entry) != nil, "\(entry.name) has no card")
            #expect(files(under: checkout() + "/zoo").contains("recipes/\(entry.recipe).yml"))
        }
    }
}

struct ZooFilesTests {
    @Test func `the program has every file of the folder, byte for byte`() {
        let folder = checkout() + "/zoo"
        let expected = files(under: folder).filter { path in
            path == "catalogue.yml" || path.hasPrefix("recipes/") || path.hasPrefix("cards/")
        }
        var embedded: [String] = []
        for index in 0..<aviary_zoo_file_count() {
            let file = aviary_zoo_file(index).pointee
            let path = String(cString: file.path)
            embedded.append(path)
            let content = Array(UnsafeBufferPointer(start: file.bytes, count: Int(file.count)))
            #expect(content == bytes(of: "\(folder)/\(path)"), "\(path)")
        }
        #expect(embedded == expected.sorted(), "zoo/embed.c lists the files, in the order of their paths")
    }
}
