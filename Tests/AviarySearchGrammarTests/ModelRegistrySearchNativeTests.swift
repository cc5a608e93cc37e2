import AviarySearchGrammar
import Testing

struct ModelRegistrySearchNativeTests {
    private static let now: Int64 = 10_000_000
    private static let hour: Int64 = 3_600_000

    // MARK: - Registered models

    private func models(_ filter: String) throws(SearchError) -> SearchTree<RegisteredModelTest> {
        try RegisteredModelSearch.filter(filter, dialect: .native, now: Self.now)
    }

    @Test(
        arguments: [
            ("name = 'a'", .name(.equal("a"))), ("attributes.name NOT IN ('a')", .name(.notAmong(["a"]))),
            ("name IS NOT NULL", .name(.present)), ("tags.a IS NULL", .tag("a", .text(.missing))),
            ("tags.a IN ('x', 'y')", .tag("a", .text(.among(["x", "y"])))),
            ("tag.score >= 0.9", .tag("score", .number(.greaterOrEqual, 0.9))),
            ("creation_timestamp > now() - 2h", .time(.creation, .compare(.greater, now - 2 * hour))),
            ("last_updated_timestamp < '1970-01-02'", .time(.lastUpdate, .compare(.less, 24 * hour))),
            ("timestamp = 5", .time(.lastUpdate, .compare(.equal, 5))),
        ] as [(String, RegisteredModelTest)])
    func `a filter of models takes the whole language`(filter: String, test: RegisteredModelTest) throws {
        #expect(try models(filter) == .test(test))
        #expect(try models("NOT (\(filter) OR \(filter))") == .not(.any([.test(test), .test(test)])))
    }

    @Test(
        arguments: [
            (
                "version_number = 1",
                "column 1: 'version_number' is no attribute of a registered model; there are name, "
                    + "creation_timestamp, last_updated_timestamp; a tag is written tags.version_number"
            ),
            (
                "name = 'a' AND params.a = 1",
                "column 16: 'params' is nothing that a registered model has; it has tags and attributes"
            ),
            ("name = 5", "column 8: a text in quotes is expected after '=', not '5'"),
            ("tags.a =~ '('", "column 11: the pattern cannot be used: \(openGroup)"),
        ])
    func `an error of a filter of models says the column`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try models(filter) }
        #expect(error?.description == message)
    }

    private static let openGroup = "the group is not closed, at character 1 of the pattern"

    @Test func `models have an order of the language`() throws {
        let order = try RegisteredModelSearch.nativeOrder(["timestamp DESC, name", "creation_timestamp"])
        #expect(
            order == [
                SearchOrder(.lastUpdate, isAscending: false), SearchOrder(.name), SearchOrder(.creation),
            ])
        var error = #expect(throws: SearchError.self) {
            _ = try RegisteredModelSearch.nativeOrder(["tags.a"])
        }
        #expect(error?.description == "column 1: registered models are not ordered by their tags")
        error = #expect(throws: SearchError.self) {
            _ = try RegisteredModelSearch.nativeOrder(["name, name"])
        }
        #expect(error?.description == "column 7: 'name' stands in the order already")
    }

    // MARK: - Versions

    private func versions(_ filter: String) throws(SearchError) -> SearchTree<ModelVersionTest> {
        try ModelVersionSearch.filter(filter, dialect: .native, now: Self.now)
    }

    @Test(
        arguments: [
            ("name ILIKE 'a'", .text(.name, .like("a", ignoringCase: true))),
            ("run_id IS NULL", .text(.run, .missing)), ("run_id != 'r'", .text(.run, .notEqual("r"))),
            ("source_path IN ('s', 't')", .text(.source, .among(["s", "t"]))),
            ("version_number > 1", .number(.compare(.greater, 1))),
            ("version_number <= 2.5", .number(.compare(.lessOrEqual, 2))),
            ("version_number = '3'", .number(.compare(.equal, 3))),
            ("version_number IS NOT NULL", .number(.present)),
            ("creation_timestamp > now()", .time(.creation, .compare(.greater, now))),
            ("tags.score < 1", .tag("score", .number(.less, 1))),
        ] as [(String, ModelVersionTest)])
    func `a filter of versions takes the whole language`(filter: String, test: ModelVersionTest) throws {
        #expect(try versions(filter) == .test(test))
        #expect(try versions("NOT (\(filter) OR \(filter))") == .not(.any([.test(test), .test(test)])))
    }

    @Test func `a pattern is read`() throws {
        let pattern = try SearchPattern("x")
        #expect(try versions("tags.a !~ 'x'") == .test(.tag("a", .text(.notMatches(pattern)))))
        #expect(try models("name =~ 'x'") == .test(.name(.matches(pattern))))
    }

    @Test(
        arguments: [
            (
                "version = 1",
                "column 1: 'version' is no attribute of a model version; there are name, version_number, "
                    + "run_id, source_path, creation_timestamp, last_updated_timestamp; "
                    + "a tag is written tags.version"
            ),
            ("version_number = 'x'", "column 18: a whole number is expected after '=', not ''x''"),
            ("version_number = 1.5", "column 18: a whole number is expected after '=', not '1.5'"),
            (
                "version_number IN (1)",
                "column 16: 'IN' does not fit the number 'version_number'; "
                    + "it takes =, !=, <, <=, >, >=, IS NULL, IS NOT NULL"
            ),
        ])
    func `an error of a filter of versions says the column`(filter: String, message: String) {
        let error = #expect(throws: SearchError.self) { _ = try versions(filter) }
        #expect(error?.description == message)
    }

    @Test func `versions have an order of the language`() throws {
        let order = try ModelVersionSearch.nativeOrder([
            "name, version_number DESC", "creation_timestamp", "last_updated_timestamp",
        ])
        #expect(
            order == [
                SearchOrder(.name), SearchOrder(.number, isAscending: false), SearchOrder(.creation),
                SearchOrder(.lastUpdate),
            ])
        for clause in ["run_id", "tags.a"] {
            let error = #expect(throws: SearchError.self) { _ = try ModelVersionSearch.nativeOrder([clause]) }
            #expect(
                error?.description
                    == "column 1: model versions are ordered by name, version_number, creation_timestamp, "
                    + "last_updated_timestamp alone")
        }
    }
}
