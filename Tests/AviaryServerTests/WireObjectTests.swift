import AviaryServer
import Testing

struct WireObjectTests {
    @Test func `what is unset or an empty list is left out, all else is written`() {
        let none: String? = nil
        let object: WireObject = [
            "name": .text(""),
            "missing": .optional(none),
            "end_time": .optional(nil as Int64?),
            "is_dir": .bool(false),
            "tags": .list([] as [WireObject]),
            "names": .list(["a"]),
            "metrics": .list([["key": .text("loss"), "step": .integer(.max)]]),
            "data": WireObject().json,
        ]
        let json = """
            {"name":"","is_dir":false,"names":["a"],"metrics":[{"key":"loss","step":9223372036854775807}],\
            "data":{}}
            """
        #expect(text(of: object) == json)
    }

    @Test(
        arguments: [
            (0.5, "0.5"), (.nan, "\"NaN\""), (.infinity, "1.7976931348623157e+308"),
            (-.infinity, "-1.7976931348623157e+308"), (-0.0, "-0.0"),
        ] as [(Double, String)])
    func `infinities leave as the greatest numbers`(value: Double, text: String) {
        var object = WireObject()
        object.set("value", .number(value))
        #expect(self.text(of: object) == "{\"value\":\(text)}")
    }

    private func text(of object: WireObject) -> String {
        var writer = JSONWriter()
        writer.write(object.json)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
