import AviaryServer
import AviaryTracking
import Testing

/// A message with a field of each kind, which are read in this order.
struct WireSample: Equatable {
    let runID: String
    let value: Double
    let timestamp: Int64
    let step: Int64?
    let isLast: Bool?
    let status: RunStatus?
    let names: [String]
    let tags: [String]
    let dataset: String?

    init(_ fields: WireFields) throws(MLflowError) {
        runID = try fields.runID()
        value = try fields.double(required: "value")
        timestamp = try fields.integer(required: "timestamp")
        step = try fields.integer("step")
        isLast = try fields.bool("is_last")
        status = try fields.value("status", among: WireNames<RunStatus>.runStatuses)
        names = try fields.texts("names")
        var tags: [String] = []
        for tag in try fields.messages("tags") {
            let key = try tag.text(required: "key")
            let value = try tag.text("value") ?? "unset"
            tags.append("\(key)=\(value)")
        }
        self.tags = tags
        dataset = try fields.message("dataset").map { (fields) throws(MLflowError) -> String in
            let kinds = try fields.messages(required: "kinds")
            var name = try fields.text(required: "name")
            for kind in kinds { name += try kind.text(required: "key") }
            return name
        }
    }

    init(
        runID: String = "r", value: Double = 1.5, timestamp: Int64 = 5, step: Int64? = nil,
        isLast: Bool? = nil, status: RunStatus? = nil, names: [String] = [], tags: [String] = [],
        dataset: String? = nil
    ) {
        self.runID = runID
        self.value = value
        self.timestamp = timestamp
        self.step = step
        self.isLast = isLast
        self.status = status
        self.names = names
        self.tags = tags
        self.dataset = dataset
    }
}

private let reference = "See the API docs for more information about request parameters."

private func missing(_ name: String) -> String {
    "Missing value for required parameter '\(name)'. \(reference)"
}

private func wrong(_ value: String, _ name: String, _ type: String) -> String {
    "Invalid value \(value) for parameter '\(name)' supplied:  "
        + "Hint: Value was of type '\(type)'. \(reference)"
}

private func outOfRange(_ value: String, _ name: String) -> String {
    "Invalid value \(value) for parameter '\(name)' supplied: "
        + "An integer goes from -9223372036854775808 to 9223372036854775807."
}

/// A body with all that is required, and this.
private func body(_ members: String) -> String {
    "{\"run_id\":\"r\",\"value\":1.5,\"timestamp\":5,\(members)}"
}

struct WireFieldsTests {
    @Test(
        arguments: [
            ("{\"run_id\":\"r\",\"value\":1.5,\"timestamp\":5}", WireSample()),
            ("{\"runId\":\"r\",\"value\":1.5,\"timestamp\":5,\"unknown\":[1]}", WireSample()),
            ("{\"run_uuid\":\"r\",\"value\":1.5,\"timestamp\":5}", WireSample()),
            ("{\"runUuid\":\"r\",\"run_id\":null,\"value\":1.5,\"timestamp\":5}", WireSample()),
            ("{\"run_uuid\":\"old\",\"run_id\":\"r\",\"value\":1.5,\"timestamp\":\"5\"}", WireSample()),
            (
                "{\"run_id\":\"r\",\"value\":100000000000000000000,\"timestamp\":-7}",
                WireSample(value: 1e20, timestamp: -7)
            ),
            ("{\"run_id\":\"r\",\"value\":\"Infinity\",\"timestamp\":5}", WireSample(value: .infinity)),
            ("{\"run_id\":\"r\",\"value\":\"-Infinity\",\"timestamp\":5}", WireSample(value: -.infinity)),
            (body("\"step\":9223372036854775807"), WireSample(step: .max)),
            (body("\"step\":\"-9223372036854775808\""), WireSample(step: .min)),
            (body("\"step\":5.0"), WireSample(step: 5)),
            (body("\"step\":-1e3"), WireSample(step: -1000)),
            ("{\"run_id\":\"r\",\"value\":\"-2.5e1\",\"timestamp\":5}", WireSample(value: -25)),
            ("{\"run_id\":\"r\",\"value\":\"0\",\"timestamp\":5}", WireSample(value: 0)),
            (
                "{\"run_id\":\"r\",\"value\":\"9223372036854775808\",\"timestamp\":5}",
                WireSample(value: 0x1p63)
            ),
            (body("\"step\":null,\"names\":null,\"tags\":null,\"dataset\":null"), WireSample()),
            (body("\"is_last\":false"), WireSample(isLast: false)),
            (body("\"isLast\":true"), WireSample(isLast: true)),
            (body("\"status\":\"FAILED\""), WireSample(status: .failed)),
            (body("\"status\":3"), WireSample(status: .finished)),
            (body("\"status\":\"5\""), WireSample(status: .killed)),
            (body("\"status\":\"failed\""), WireSample()),
            (body("\"status\":6"), WireSample()),
            (body("\"names\":[\"b\",\"\",\"a\"]"), WireSample(names: ["b", "", "a"])),
            (
                body("\"tags\":[{\"key\":\"a\",\"value\":\"\"},{\"key\":\"b\",\"value\":null}]"),
                WireSample(tags: ["a=", "b=unset"])
            ),
            (body("\"dataset\":{\"name\":\"d\",\"kinds\":[]}"), WireSample(dataset: "d")),
            ("\"{\\\"run_id\\\":\\\"r\\\",\\\"value\\\":1.5,\\\"timestamp\\\":5}\"", WireSample()),
        ] as [(String, WireSample)])
    func `what fits is read`(body: String, sample: WireSample) throws {
        #expect(try WireSample(WireFields(body: Array(body.utf8))) == sample)
    }

    @Test func `NaN is a text`() throws {
        let fields = try WireFields(body: Array("{\"value\":\"NaN\"}".utf8))
        #expect(try fields.double("value")?.isNaN == true)
    }

    @Test(
        arguments: [
            ("{}", missing("run_id")),
            ("", missing("run_id")),
            ("null", missing("run_id")),
            ("\"\"", missing("run_id")),
            ("\"{}\"", missing("run_id")),
            ("{\"run_id\":null}", missing("run_id")),
            ("{\"run_id\":\"\"}", missing("run_id")),
            ("{\"run_id\":3}", wrong("3", "run_id", "int")),
            ("{\"run_uuid\":true}", wrong("true", "run_id", "bool")),
            ("{\"run_id\":\"r\",\"timestamp\":\"x\"}", missing("value")),
            ("{\"run_id\":4.0,\"value\":\"x\"}", wrong("4.0", "run_id", "float")),
            ("{\"value\":\"x\"}", missing("run_id")),
            ("{\"run_id\":\"r\",\"value\":\"\"}", missing("value")),
            ("{\"run_id\":\"r\",\"value\":\"x\"}", wrong("\"x\"", "value", "str")),
            ("{\"run_id\":\"r\",\"value\":\" 5\"}", wrong("\" 5\"", "value", "str")),
            ("{\"run_id\":\"r\",\"value\":\"nan\"}", wrong("\"nan\"", "value", "str")),
            ("{\"run_id\":\"r\",\"value\":\"1e400\"}", wrong("\"1e400\"", "value", "str")),
            ("{\"run_id\":\"r\",\"value\":\"[1]\"}", wrong("\"[1]\"", "value", "str")),
            ("{\"run_id\":\"r\",\"value\":false}", wrong("false", "value", "bool")),
            ("{\"run_id\":\"r\",\"value\":[ 1 , {} ]}", wrong("[1,{}]", "value", "list")),
            (
                "{\"run_id\":\"r\",\"value\":{\"b\":1,\"ä\":2,\"a\":[null,\"ä😀\\n\\b\\u007f\\\"\"]}}",
                wrong(
                    #"{"a":[null,"\u00e4\ud83d\ude00\n\b\u007f\""],"b":1,"\u00e4":2}"#, "value", "dict")
            ),
            ("{\"run_id\":\"r\",\"value\":1,\"timestamp\":1.5}", wrong("1.5", "timestamp", "float")),
            ("{\"run_id\":\"r\",\"value\":1,\"timestamp\":\"1.5\"}", wrong("\"1.5\"", "timestamp", "str")),
            ("{\"run_id\":\"r\",\"value\":1,\"timestamp\":true}", wrong("true", "timestamp", "bool")),
            (
                "{\"run_id\":\"r\",\"value\":1,\"timestamp\":9223372036854775808}",
                outOfRange("9223372036854775808", "timestamp")
            ),
            (body("\"step\":\"-9223372036854775809\""), outOfRange("\"-9223372036854775809\"", "step")),
            (body("\"step\":\"5.0\""), wrong("\"5.0\"", "step", "str")),
            (body("\"step\":1e19"), wrong("1e+19", "step", "float")),
            (body("\"step\":\"\""), wrong("\"\"", "step", "str")),
            (body("\"step\":\"+1\""), wrong("\"+1\"", "step", "str")),
            (body("\"step\":\"-\""), wrong("\"-\"", "step", "str")),
            (body("\"is_last\":1"), wrong("1", "is_last", "int")),
            (body("\"is_last\":\"true\""), wrong("\"true\"", "is_last", "str")),
            (body("\"status\":[]"), wrong("[]", "status", "list")),
            (body("\"names\":\"a\""), wrong("\"a\"", "names", "str")),
            (body("\"names\":[\"a\",1]"), wrong("[\"a\",1]", "names", "list")),
            (body("\"tags\":{\"key\":\"a\"}"), wrong("{\"key\":\"a\"}", "tags", "dict")),
            (body("\"tags\":[{\"key\":\"a\"},{}]"), missing("tags[1].key")),
            (body("\"tags\":[{\"key\":1}]"), wrong("1", "tags[0].key", "int")),
            (body("\"tags\":[{\"key\":\"a\",\"value\":2}]"), wrong("2", "tags[0].value", "int")),
            (body("\"tags\":[null]"), wrong("null", "tags[0]", "NoneType")),
            (body("\"dataset\":[]"), wrong("[]", "dataset", "list")),
            (body("\"dataset\":{}"), missing("dataset.kinds")),
            (body("\"dataset\":{\"kinds\":[]}"), missing("dataset.name")),
            (body("\"dataset\":{\"name\":\"d\",\"kinds\":[{}]}"), missing("dataset.kinds[0].key")),
            (
                "{\"run_id\":\"r\",\"runId\":\"r\"}",
                "Request specifies both 'run_id' and 'runId'; provide only one of them."
            ),
            ("[1]", "the body should be a JSON object, not of type 'list'"),
            ("3", "the body should be a JSON object, not of type 'int'"),
            ("\"\\\"{}\\\"\"", "the body should be a JSON object, not of type 'str'"),
            ("run_id=r", "the body is no JSON: no JSON value at byte 0"),
            ("\"run_id\"", "the body is no JSON: no JSON value at byte 0"),
            ("{\"value\":NaN}", "the body is no JSON: no JSON value at byte 9"),
            ("{\"a\":1,\"a\":2}", "the body is no JSON: key 'a' stands there twice at byte 10"),
            ("{\"value\":1e999}", "the body is no JSON: 1e999 is too large at byte 14"),
        ] as [(String, String)])
    func `what does not fit is refused, the first of several`(body: String, message: String) {
        let error = #expect(throws: MLflowError.self) { try WireSample(WireFields(body: Array(body.utf8))) }
        #expect(error?.message == message)
        #expect(error?.code == .invalidParameterValue)
    }

    @Test func `depth has a limit, and bytes that are no UTF-8 are refused`() {
        let deep = "{\"a\":" + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}"
        let error = #expect(throws: MLflowError.self) { try WireFields(body: Array(deep.utf8)) }
        #expect(error?.message.hasPrefix("the body is no JSON: nested more than 64 deep") == true)
        #expect(throws: MLflowError.self) { try WireFields(body: [0x22, 0xFF, 0x22]) }
    }

    @Test func `a message does not repeat megabytes`() {
        let long = String(repeating: "x", count: 2_000_000)
        let error = #expect(throws: MLflowError.self) {
            try WireFields(body: Array("{\"step\":\"\(long)\"}".utf8)).integer("step")
        }
        let shown = "\"" + String(repeating: "x", count: 999) + "…"
        #expect(error?.message == wrong(shown, "step", "str"))
    }

    @Test func `a list that must be there may be empty`() throws {
        let fields = try WireFields(body: Array("{\"ids\":[],\"runs\":[]}".utf8))
        #expect(try fields.texts(required: "ids") == [])
        #expect(try fields.messages(required: "runs").isEmpty)
        let error = #expect(throws: MLflowError.self) { try fields.texts(required: "keys") }
        #expect(error?.message == missing("keys"))
    }

    @Test func `a query has the same fields as texts`() throws {
        let query = "run_id=a+b%26&timestamp=5&is_last=TRUE&names=x&names=&names=%C3%A4&path&status=4"
        let fields = try WireFields(query: query)
        #expect(try fields.runID() == "a b&")
        #expect(try fields.integer(required: "timestamp") == 5)
        #expect(try fields.bool("is_last") == true)
        #expect(try fields.texts("names") == ["x", "", "ä"])
        #expect(try fields.text("names") == "x")
        #expect(try fields.text("path") == "")
        #expect(try fields.text("missing") == nil)
        #expect(try fields.value("status", among: WireNames<RunStatus>.runStatuses) == .failed)
    }

    @Test(
        arguments: [
            ("", missing("run_id")),
            ("run_id=", missing("run_id")),
            ("run_id=r&max_results=x", wrong("\"x\"", "max_results", "str")),
            ("run_id=r&max_results=1.0", wrong("\"1.0\"", "max_results", "str")),
            ("run_id=r&is_last=yes", "Invalid boolean value: yes, must be 'true' or 'false'."),
            ("run_id=%ZZ", "the percent encoding of 'run_id=%ZZ' is broken"),
            ("run_id=%FF", "the percent encoding of 'run_id=%FF' is broken"),
        ])
    func `what a query has wrong is refused`(query: String, message: String) {
        let error = #expect(throws: MLflowError.self) {
            let fields = try WireFields(query: query)
            _ = try fields.runID()
            _ = try fields.integer("max_results")
            _ = try fields.bool("is_last")
        }
        #expect(error?.message == message)
    }

    @Test func `what stands in the address wins over what is sent`() throws {
        let fields = try WireFields(
            body: Array("{\"model_id\":\"sent\",\"modelId\":\"twice\"}".utf8), captures: ["model_id": "m-1"])
        #expect(try fields.text(required: "model_id") == "m-1")
    }

    @Test(
        arguments: [
            (nil, "Bad Request. Content-Type header is missing."),
            ("text/plain", "Bad Request. Content-Type must be one of ['application/json']."),
            ("", "Bad Request. Content-Type must be one of ['application/json']."),
            ("application/json", nil),
            ("Application/JSON; charset=utf-8", nil),
            ("application/json ;charset=utf-8", nil),
        ] as [(String?, String?)])
    func `a body must be said to be JSON`(type: String?, message: String?) {
        do throws(MLflowError) {
            try WireFields.checkContentType(type)
            #expect(message == nil)
        } catch {
            #expect(error.message == message)
            #expect(error.code == .invalidParameterValue)
        }
    }
}
