import AviaryServer
import Foundation
import Testing

private func base64(_ text: String) -> String {
    Data(text.utf8).base64EncodedString()
}

struct PageTokenTests {
    @Test(arguments: [0, 1, 10, 100, 25_000, Int.max])
    func `what is handed out is read again`(offset: Int) throws {
        let text = PageToken(offset: offset).text
        #expect(text == base64("{\"offset\":\(offset)}"))
        #expect(try PageToken(text).offset == offset)
    }

    @Test(
        arguments: [
            (nil, 0), ("", 0), (base64("{\"offset\": 7, \"more\": []}"), 7),
            (base64("{\"offset\":\"5\"}"), 5),
        ] as [(String?, Int)])
    func `no token is the first page, and MLflow's are read too`(text: String?, offset: Int) throws {
        #expect(try PageToken(text).offset == offset)
    }

    @Test(
        arguments: [
            ("not base64", "Invalid page token, could not base64-decode"),
            ("abc", "Invalid page token, could not base64-decode"),
            ("a===", "Invalid page token, could not base64-decode"),
            ("====", "Invalid page token, could not base64-decode"),
            (base64("offset 5"), "Invalid page token, decoded value=b'offset 5'"),
            (base64("it's\t\"\\"), #"Invalid page token, decoded value=b'it\'s\t"\\'"#),
            (base64("it's"), #"Invalid page token, decoded value=b"it's""#),
            ("nonsense", #"Invalid page token, decoded value=b'\x9e\x89\xecz{\x1e'"#),
            (base64("{}"), "Invalid page token, parsed value={}"),
            (base64("[ 5 ]"), "Invalid page token, parsed value=[5]"),
            (base64("{\"offset\":-1}"), "Invalid page token, parsed value={\"offset\":-1}"),
            (base64("{\"offset\":\"\"}"), "Invalid page token, parsed value={\"offset\":\"\"}"),
            (base64("{\"offset\":\"-5\"}"), "Invalid page token, parsed value={\"offset\":\"-5\"}"),
            (base64("{\"offset\":\"n\"}"), "Invalid page token, not stringable n"),
            (base64("{\"offset\":null}"), "Invalid page token, parsed value={\"offset\":null}"),
            (base64("{\"offset\":1.5}"), "Invalid page token, parsed value={\"offset\":1.5}"),
        ])
    func `anything else is refused`(text: String, message: String) {
        let error = #expect(throws: MLflowError.self) { try PageToken(text) }
        #expect(error == MLflowError(.invalidParameterValue, message))
    }
}
