import AviaryServer
import Testing

private func characters(_ name: String, _ path: String) -> String {
    "Invalid value \"\(name)\" for parameter '\(path)' supplied: Names may only contain alphanumerics, "
        + "underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)."
}

private func resolves(_ name: String, _ path: String, to other: String) -> String {
    "Invalid value \"\(name)\" for parameter '\(path)' supplied: Names may be treated as files "
        + "in certain cases, and must not resolve to other names when treated as such. "
        + "This name would resolve to '\(other)'"
}

/// 250 characters, each of four bytes in UTF-8.
private let longest = String(repeating: "𝒳", count: 250)

struct NameRulesTests {
    @Test(
        arguments: [
            "loss", "train/loss", "a b", "a.b", ".a", "a..b", "a:b", "a-b", "_", "0", "größe", "损失", "x²",
            "½",
            "٣", longest,
        ])
    func `names of all scripts are taken`(name: String) throws {
        try NameRules.metric(name)
        try NameRules.param(name)
        try NameRules.tag(name)
    }

    @Test(
        arguments: [
            ("a,b", "a,b"), ("a$", "a$"), ("a\n", "a\\n"), ("a\u{0}", "a\\u0000"), ("a\\b", "a\\\\b"),
            ("say \"a\"", "say \\\"a\\\""), ("e\u{301}", "e\\u0301"), ("💡", "\\ud83d\\udca1"),
            ("a\tb", "a\\tb"),
            ("../a,b", "../a,b"),
        ])
    func `other characters are refused`(name: String, shown: String) {
        let metric = #expect(throws: MLflowError.self) { try NameRules.metric(name) }
        #expect(metric?.message == characters(shown, "name"))
        let param = #expect(throws: MLflowError.self) { try NameRules.param(name, in: "params[2]") }
        #expect(param?.message == characters(shown, "params[2].key"))
        let tag = #expect(throws: MLflowError.self) { try NameRules.tag(name) }
        #expect(tag?.message == characters(shown, "key"))
        #expect(tag?.code == .invalidParameterValue)
    }

    @Test(
        arguments: [
            ("a//b", "a/b"), ("a/./b", "a/b"), ("a/", "a"), ("./a", "a"), ("a/../b", "b"), ("../x", "../x"),
            ("../../x", "../../x"), ("a/../..", ".."), ("..", ".."), ("..x", "..x"), (".", "."), ("", "."),
            ("a/..", "."), ("/x", "/x"), ("//x", "//x"), ("///x", "/x"), ("/../x", "/x"), ("/", "/"),
        ])
    func `what is another name as a path is refused`(name: String, other: String) {
        let error = #expect(throws: MLflowError.self) { try NameRules.metric(name, in: "metrics[0]") }
        #expect(error?.message == resolves(name, "metrics[0].name", to: other))
        #expect(throws: MLflowError(.invalidParameterValue, resolves(name, "name", to: other))) {
            try NameRules.check(name, at: "name")
        }
    }

    @Test func `keys have 250 characters at most`() {
        let long = longest + "a"
        let refusals: [(String, () throws -> Void)] = [
            ("Metric name", { try NameRules.metric(long) }),
            ("Metric name", { try NameRules.metric(long, in: "metrics[0]") }),
            ("Param key", { try NameRules.param(long) }),
            ("Param key", { try NameRules.param(long, in: "params[0]") }),
            ("key", { try NameRules.tag(long) }),
            ("tags[0].key", { try NameRules.tag(long, in: "tags[0]") }),
        ]
        for (label, check) in refusals {
            let message = "'\(label)' exceeds the maximum length of 250 characters"
            #expect(throws: MLflowError(.invalidParameterValue, message)) { try check() }
        }
    }

    @Test(arguments: ["a", "0", String(repeating: "a", count: 256), "a_-9", "aä"])
    func `ids of runs are words`(id: String) throws {
        try NameRules.runID(id)
    }

    @Test(
        arguments: [
            ("", ""), ("_a", "_a"), ("-a", "-a"), ("äa", "\\u00e4a"), ("a b", "a b"), ("a/b", "a/b"),
            ("a.", "a."),
            (String(repeating: "a", count: 257), String(repeating: "a", count: 257)),
        ])
    func `other ids are refused`(id: String, shown: String) {
        let message = "Invalid value \"\(shown)\" for parameter 'run_id' supplied."
        #expect(throws: MLflowError(.invalidParameterValue, message)) { try NameRules.runID(id) }
    }

    @Test(
        arguments: [
            "champion", "a-b_C9", "latest1", "v", "v1a", "va", "größe",
            String(repeating: "a", count: 255),
        ])
    func `aliases are words`(alias: String) throws {
        try NameRules.alias(alias)
    }

    @Test(
        arguments: [
            ("", "Registered model alias name cannot be empty."),
            (
                "a b",
                "Invalid alias name: 'a b'. "
                    + "Names may only contain alphanumerics, underscores (_), and dashes (-)."
            ),
            (
                "a.b",
                "Invalid alias name: 'a.b'. "
                    + "Names may only contain alphanumerics, underscores (_), and dashes (-)."
            ),
            (
                String(repeating: "a", count: 256),
                "'Registered model alias name' exceeds the maximum length of 255 characters"
            ),
            ("latest", "'latest' alias name (case insensitive) is reserved."),
            ("LaTeST", "'latest' alias name (case insensitive) is reserved."),
            ("v1", "Version alias name 'v1' is reserved."),
            ("V23", "Version alias name 'V23' is reserved."),
        ])
    func `other aliases are refused`(alias: String, message: String) {
        #expect(throws: MLflowError(.invalidParameterValue, message)) { try NameRules.alias(alias) }
    }
}

struct LengthRulesTests {
    @Test(arguments: [("a", 0), ("𝒳", 0), ("a", 1), ("𝒳", 1), ("e\u{301}", 1)])
    func `values are cut at so many characters`(character: String, extra: Int) {
        let scalars = { (count: Int) -> String in
            String(String(repeating: character, count: count).unicodeScalars.prefix(count))
        }
        #expect(LengthRules.paramValue(scalars(6000 + extra)) == scalars(6000))
        #expect(LengthRules.runTagValue(scalars(8000 + extra)) == scalars(8000))
    }

    @Test func `what is not cut is refused`() throws {
        let text = { (count: Int) -> String in String(repeating: "ä", count: count) }
        let rules: [(String, Int, (String) throws -> Void)] = [
            ("name", 500, { try LengthRules.experimentName($0) }),
            ("value", 20_000, { try LengthRules.experimentTagValue($0) }),
            ("value", 100_000, { try LengthRules.modelTagValue($0) }),
            ("name", 500, { try dataset(name: $0) }),
            ("digest", 36, { try dataset(digest: $0) }),
            ("source", 65_535, { try dataset(source: $0) }),
            ("schema", 1_048_575, { try dataset(schema: $0) }),
            ("profile", 16_777_215, { try dataset(profile: $0) }),
            ("key", 255, { try LengthRules.inputTag(key: $0, value: "") }),
            ("value", 500, { try LengthRules.inputTag(key: "", value: $0) }),
        ]
        for (label, limit, check) in rules {
            try check(text(limit))
            let message = "'\(label)' exceeds the maximum length of \(limit) characters"
            #expect(throws: MLflowError(.invalidParameterValue, message)) { try check(text(limit + 1)) }
        }
    }

    private func dataset(
        name: String = "", digest: String = "", source: String = "", schema: String? = nil,
        profile: String? = nil
    ) throws {
        try LengthRules.dataset(name: name, digest: digest, source: source, schema: schema, profile: profile)
    }
}

struct BatchRulesTests {
    @Test(arguments: [(1000, 0, 0), (0, 100, 100), (800, 100, 100), (0, 0, 0)])
    func `what fits is taken`(metrics: Int, params: Int, tags: Int) throws {
        try BatchRules.check(metrics: metrics, params: params, tags: tags)
    }

    @Test(
        arguments: [
            (1001, 101, 101, "1000", "1001", "metrics"), (0, 101, 101, "100", "101", "params"),
            (0, 100, 101, "100", "101", "tags"), (801, 100, 100, "1000", "1001", "metrics, params, and tags"),
        ])
    func `more is refused`(
        metrics: Int, params: Int, tags: Int, limit: String, count: String, things: String
    ) {
        let message = """
            A batch logging request can contain at most \(limit) \(things). Got \(count) \(things). \
            Please split up \(things) across multiple requests and try again.
            """
        #expect(throws: MLflowError(.invalidParameterValue, message)) {
            try BatchRules.check(metrics: metrics, params: params, tags: tags)
        }
    }
}

struct TimeRulesTests {
    @Test func `times begin in 1970`() throws {
        try TimeRules.check(milliseconds: 0, ofMetric: "loss", value: 1)
        try TimeRules.check(milliseconds: .max, ofMetric: "loss", value: 1)
    }

    @Test(
        arguments: [
            (
                -1, 0.5, nil,
                "Invalid value -1 for parameter 'timestamp' supplied: metric 'loss' (value=0.5). "
            ),
            (
                .min, .nan, "metrics[3]",
                "Invalid value -9223372036854775808 for parameter 'metrics[3].timestamp' supplied: "
                    + "metric 'loss' (value=nan). "
            ),
        ] as [(Int64, Double, String?, String)])
    func `earlier ones are refused`(
        milliseconds: Int64, value: Double, item: String?, beginning: String
    ) {
        let message = beginning + "Timestamp must be a nonnegative long (64-bit integer) "
        #expect(throws: MLflowError(.invalidParameterValue, message)) {
            try TimeRules.check(milliseconds: milliseconds, ofMetric: "loss", value: value, in: item)
        }
    }
}
