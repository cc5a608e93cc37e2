import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

struct RegistrySearchTests {
    private static let isPrompt = "mlflow.prompt.is_prompt"

    // MARK: - Registered models

    @Test func `every test of a model finds what a plain search finds`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            let tests: [RegisteredModelTest] = [
                .name(.equal("alpha")), .name(.notEqual("alpha")), .name(.like("%A", ignoringCase: false)),
                .name(.like("%A", ignoringCase: true)), .name(.among(["alpha", "none"])),
                .name(.notAmong(["alpha"])), .tag("team", .text(.equal("red"))),
                .tag("team", .text(.notEqual("red"))), .tag("team", .text(.like("R%", ignoringCase: true))),
                .tag("team", .text(.like("r_d", ignoringCase: false))),
                .tag("none", .text(.notEqual("x"))), .tag("none", .text(.missing)),
                .tag("team", .text(.missing)), .tag("team", .text(.among(["red", "blue"]))),
                .tag("team", .text(.notMatches(try SearchPattern("^r")))), .tag("score", .number(.less, 1)),
                .name(.matches(try SearchPattern("^[a-d]"))), .name(.present), .name(.missing),
                .time(.creation, .compare(.lessOrEqual, all[2].createdAt.milliseconds)),
                .time(.creation, .compare(.greater, all[2].createdAt.milliseconds)),
                .time(.lastUpdate, .compare(.greater, 0)), .time(.lastUpdate, .missing),
            ]
            for test in tests {
                for filter in [
                    SearchTree.test(test), .not(.test(test)), .any([.test(test), .test(tests[0])]),
                ] {
                    let expected = all.filter { model in
                        model.tags[Self.isPrompt] != "true" && filter.holds { Self.holds($0, of: model) }
                    }
                    let question = RegisteredModelQuestion(filter: filter, limit: 99)
                    #expect(try await store.searchRegisteredModels(question).things == expected, "\(filter)")
                }
            }
        }
    }

    @Test func `models come in their order`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store).filter { $0.tags[Self.isPrompt] != "true" }
            let names = all.map(\.name)
            #expect(names == ["Gamma", "alpha", "beta", "delta"])
            #expect(try await Self.models(store, []) == names)
            #expect(
                try await Self.models(store, [SearchOrder(.name, isAscending: false)]) == names.reversed())
            let byCreation = all.sorted { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }.map(\.name)
            #expect(try await Self.models(store, [SearchOrder(.creation)]) == byCreation)
            let byUpdate = all.sorted { ($0.updatedAt, $0.name) < ($1.updatedAt, $1.name) }.map(\.name)
            #expect(try await Self.models(store, [SearchOrder(.lastUpdate)]) == byUpdate)
        }
    }

    @Test func `a page of no model says whether there are some`() async throws {
        try await withStore { store in
            let none = try await store.searchRegisteredModels(RegisteredModelQuestion(limit: 0))
            #expect(none.things == [])
            #expect(!none.hasMore)
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            #expect(try await store.searchRegisteredModels(RegisteredModelQuestion(limit: 0)).hasMore)
        }
    }

    // MARK: - Prompts

    @Test(
        arguments: [
            (.equal("true"), ["prompt"]), (.equal("TRUE"), []), (.notEqual("false"), ["prompt"]),
            (.notEqual("true"), ["Gamma", "alpha", "beta", "delta"]),
            (.equal("false"), ["Gamma", "alpha", "beta", "delta"]),
            (.like("t%", ignoringCase: false), ["Gamma", "alpha", "beta", "delta"]),
        ] as [(TextTest, [String])])
    func `prompts are found where they are asked for`(test: TextTest, names: [String]) async throws {
        try await withStore { store in
            _ = try await Self.fill(store)
            let ofModels = SearchTree.test(RegisteredModelTest.tag(Self.isPrompt, .text(test)))
            let found = try await store.searchRegisteredModels(
                RegisteredModelQuestion(filter: .all([ofModels, .everything]), limit: 99))
            #expect(found.things.map(\.name) == names)
            let ofVersions = SearchTree.test(ModelVersionTest.tag(Self.isPrompt, .text(test)))
            let versions = try await store.searchModelVersions(
                ModelVersionQuestion(filter: ofVersions, order: [SearchOrder(.name)], limit: 99))
            let models = Set(versions.things.map(\.model))
            #expect(models == Set(names).subtracting(["delta"]))
        }
    }

    private static let others = ["Gamma", "alpha", "beta", "delta"]

    @Test(
        arguments: [
            (.not(.test(.notEqual("true"))), ["prompt"]), (.not(.test(.equal("false"))), ["prompt"]),
            (.not(.test(.missing)), ["prompt"]), (.test(.among(["true"])), ["prompt"]),
            (.test(.present), ["prompt"]), (.test(.missing), others),
            (.not(.test(.equal("true"))), others), (.not(.test(.notEqual("false"))), others),
            (.not(.test(.like("t%", ignoringCase: false))), others),
            (.not(.not(.test(.equal("true")))), ["prompt"]),
            (.not(.any([.test(.equal("true")), .test(.equal("x"))])), others),
            (.not(.all([.test(.notEqual("true")), .test(.notEqual("true"))])), ["prompt"]),
            (.any([.test(.equal("true")), .test(.notEqual("true"))]), others + ["prompt"]),
        ] as [(SearchTree<TextTest>, [String])])
    func `behind NOT the opposite asks for prompts`(tree: SearchTree<TextTest>, names: [String]) async throws
    {
        try await withStore { store in
            _ = try await Self.fill(store)
            let models = RegisteredModelQuestion(
                filter: tree.map { .tag(Self.isPrompt, .text($0)) }, limit: 99)
            #expect(try await store.searchRegisteredModels(models).things.map(\.name) == names)
            let versions = ModelVersionQuestion(
                filter: tree.map { .tag(Self.isPrompt, .text($0)) }, limit: 99)
            let found = Set(try await store.searchModelVersions(versions).things.map(\.model))
            #expect(found == Set(names).subtracting(["delta"]))
        }
    }

    @Test func `a filter that asks for prompts behind NOT has its other tests`() async throws {
        try await withStore { store in
            _ = try await Self.fill(store)
            let isNoPrompt = SearchTree.test(RegisteredModelTest.tag(Self.isPrompt, .text(.notEqual("true"))))
            let isAlpha = SearchTree.test(RegisteredModelTest.name(.equal("alpha")))
            for (filter, names) in [
                (.not(.all([isAlpha, isNoPrompt])), ["Gamma", "beta", "delta", "prompt"]),
                (.any([isAlpha, .not(isNoPrompt)]), ["alpha", "prompt"]),
                (.all([isAlpha, .not(isNoPrompt)]), []), (.all([isAlpha, isNoPrompt]), ["alpha"]),
            ] as [(SearchTree<RegisteredModelTest>, [String])] {
                let question = RegisteredModelQuestion(filter: filter, limit: 99)
                #expect(try await store.searchRegisteredModels(question).things.map(\.name) == names)
            }
        }
    }

    // MARK: - Versions

    @Test func `every test of a version finds what a plain search finds`() async throws {
        try await withStore { store in
            let all = try await Self.fillVersions(store)
            let tests: [ModelVersionTest] = [
                .text(.name, .equal("alpha")), .text(.name, .notAmong(["alpha"])),
                .text(.name, .like("g%", ignoringCase: true)), .text(.runID, .equal("r1")),
                .text(.runID, .notEqual("r1")), .text(.runID, .like("%", ignoringCase: false)),
                .text(.runID, .among(["r1", ""])), .text(.source, .equal("s3://b/2")),
                .text(.source, .like("s3://b/_", ignoringCase: false)), .number(.compare(.greater, 1)),
                .number(.compare(.equal, 1)), .number(.compare(.notEqual, 1)), .tag("k", .text(.equal("v"))),
                .tag("k", .text(.notEqual("v"))), .tag("k", .text(.like("V", ignoringCase: true))),
                .tag("k", .text(.missing)), .tag("k", .text(.present)), .text(.run, .missing),
                .text(.run, .present), .text(.run, .notEqual("r1")), .text(.run, .among(["r1", ""])),
                .text(.source, .matches(try SearchPattern("[12]$"))), .number(.missing), .number(.present),
                .time(.creation, .compare(.less, all[4].createdAt.milliseconds)),
                .time(.lastUpdate, .compare(.greaterOrEqual, all[4].updatedAt.milliseconds)),
            ]
            for test in tests {
                for filter in [
                    SearchTree.test(test), .not(.test(test)), .all([.test(test), .test(tests[0])]),
                ] {
                    let expected = all.filter { version in filter.holds { Self.holds($0, of: version) } }
                    let question = ModelVersionQuestion(
                        filter: filter, order: [SearchOrder(.name), SearchOrder(.number)], limit: 99)
                    #expect(try await store.searchModelVersions(question).things == expected, "\(filter)")
                }
            }
        }
    }

    @Test func `versions come in their order`() async throws {
        try await withStore { store in
            let all = try await Self.fillVersions(store)
            func sorted(_ isBefore: (ModelVersion, ModelVersion) -> Bool) -> [ModelVersion] {
                all.sorted { left, right in
                    if isBefore(left, right) { return true }
                    if isBefore(right, left) { return false }
                    return (left.model, right.number) < (right.model, left.number)
                }
            }
            let orders: [([SearchOrder<ModelVersionField>], [ModelVersion])] = [
                ([], sorted { $0.updatedAt > $1.updatedAt }),
                ([SearchOrder(.name)], sorted { $0.model < $1.model }),
                ([SearchOrder(.name, isAscending: false)], sorted { $0.model > $1.model }),
                ([SearchOrder(.number)], sorted { $0.number < $1.number }),
                ([SearchOrder(.creation)], sorted { $0.createdAt < $1.createdAt }),
                ([SearchOrder(.lastUpdate)], sorted { $0.updatedAt < $1.updatedAt }),
            ]
            for (order, expected) in orders {
                let found = try await store.searchModelVersions(ModelVersionQuestion(order: order, limit: 99))
                #expect(found.things == expected, "\(order)")
            }
        }
    }

    @Test(arguments: [1, 2, 5, 99])
    func `pages follow each other`(limit: Int) async throws {
        try await withStore { store in
            let all = try await Self.fillVersions(store)
            var versions = ModelVersionQuestion(
                order: [SearchOrder(.name), SearchOrder(.number)], limit: limit)
            var found: [ModelVersion] = []
            while true {
                let page = try await store.searchModelVersions(versions)
                #expect(page.things.count <= limit)
                found += page.things
                guard page.hasMore else { break }
                versions.offset += limit
            }
            #expect(found == all)
            var models = RegisteredModelQuestion(limit: limit)
            var names: [String] = []
            while true {
                let page = try await store.searchRegisteredModels(models)
                names += page.things.map(\.name)
                guard page.hasMore else { break }
                models.offset += limit
            }
            #expect(names == ["Gamma", "alpha", "beta", "delta"])
        }
    }

    @Test(
        arguments: [
            (-1, 0, "limit: -1 is not within 0 to 1000"), (1001, 0, "limit: 1001 is not within 0 to 1000"),
            (1, -1, "offset: -1 is less than 0"),
        ])
    func `a page has its bounds`(limit: Int, offset: Int, message: String) async throws {
        try await withStore { store in
            let error = await #expect(throws: TrackingError.self) {
                try await store.searchRegisteredModels(RegisteredModelQuestion(limit: limit, offset: offset))
            }
            #expect(error?.description == message)
        }
    }

    @Test func `a search that takes too long is ended`() async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            for number in 0..<60 { _ = try await store.makeVersion(of: "a", tags: ["k": "\(number)"]) }
            let tests = (0..<200).map { number in
                SearchTree.test(
                    ModelVersionTest.tag("k\(number)", .text(.like("%a%b%c%", ignoringCase: true))))
            }
            let limit = Duration.nanoseconds(1)
            await #expect(throws: TrackingError.searchTooLong(limit: limit)) {
                try await store.searchModelVersions(
                    ModelVersionQuestion(filter: .any(tests), limit: 9), time: SearchTime(limit: limit))
            }
        }
    }

    // MARK: - What is searched

    /// By name, as searches give them.
    private static func fill(_ store: SQLiteStore) async throws -> [RegisteredModel] {
        let tags: [String: [ExactKey: String]] = [
            "alpha": ["team": "red", "score": "0.50"], "beta": ["team": "blue", "score": "1.5"],
            "Gamma": ["team": "Red", "note": "100%", "score": "high"],
            "delta": [:],
            "prompt": [ExactKey(isPrompt): "true", "team": "red"],
        ]
        for name in ["beta", "alpha", "prompt", "Gamma", "delta"] {
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: name, tags: tags[name] ?? [:]))
        }
        for name in ["alpha", "beta", "Gamma"] { _ = try await store.makeVersion(of: name) }
        let source = "dummy-source"
        _ = try await store.makeVersion(of: "prompt", source: source, tags: [ExactKey(isPrompt): "true"])
        _ = try await store.makeVersion(of: "prompt", source: source, tags: [ExactKey(isPrompt): "true"])
        var all: [RegisteredModel] = []
        for name in ["Gamma", "alpha", "beta", "delta", "prompt"] {
            all.append(try await store.registeredModel(named: name))
        }
        return all
    }

    /// Those of models, by name and number.
    private static func fillVersions(_ store: SQLiteStore) async throws -> [ModelVersion] {
        _ = try await fill(store)
        for (number, tag) in ["v", "V", "w"].enumerated() {
            for (model, run) in [("alpha", "r1"), ("Gamma", number == 1 ? "" : "r2"), ("beta", nil)] {
                let new = NewModelVersion(
                    model: model, source: "s3://b/\(number)", run: run, description: "",
                    tags: model == "beta" ? [:] : ["k": tag])
                _ = try await store.createModelVersion(new)
            }
        }
        _ = try await store.describeModelVersion(ModelVersionID("alpha", 2), "d")
        try await store.deleteModelVersion(ModelVersionID("beta", 2))
        var all: [ModelVersion] = []
        for model in ["Gamma", "alpha", "beta"] {
            for number in Int64(1)...4 where (model, number) != ("beta", 2) {
                all.append(try await store.modelVersion(ModelVersionID(model, number)))
            }
        }
        return all
    }

    private static func models(
        _ store: SQLiteStore, _ order: [SearchOrder<RegisteredModelField>]
    ) async throws -> [String] {
        try await store.searchRegisteredModels(RegisteredModelQuestion(order: order, limit: 99))
            .things.map(\.name)
    }

    private static func holds(_ test: RegisteredModelTest, of model: RegisteredModel) -> Bool {
        switch test {
        case .name(let test): PlainSearch.holds(test, model.name)
        case .time(.creation, let test): PlainSearch.holds(test, model.createdAt.milliseconds)
        case .time(.lastUpdate, let test): PlainSearch.holds(test, model.updatedAt.milliseconds)
        case .tag(let key, let test): PlainSearch.holds(test, model.tags[key])
        }
    }

    private static func holds(_ test: ModelVersionTest, of version: ModelVersion) -> Bool {
        switch test {
        case .text(.name, let test): PlainSearch.holds(test, version.model)
        case .text(.run, let test):
            PlainSearch.holds(test, version.run.flatMap { $0.isEmpty ? nil : $0 })
        case .text(.runID, let test): PlainSearch.holds(test, version.run)
        case .text(.source, let test): PlainSearch.holds(test, version.source)
        case .number(let test): PlainSearch.holds(test, version.number)
        case .time(.creation, let test): PlainSearch.holds(test, version.createdAt.milliseconds)
        case .time(.lastUpdate, let test): PlainSearch.holds(test, version.updatedAt.milliseconds)
        case .tag(let key, let test): PlainSearch.holds(test, version.tags[key])
        }
    }
}
