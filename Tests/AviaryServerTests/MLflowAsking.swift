import AviaryServer
import HTTPTypes
import Testing

/// A request of MLflow's protocol and what is answered; `@run` stands for the id of a run.
struct MLflowExchange: Sendable, CustomTestStringConvertible {
    /// As `POST runs/create`; what follows `/api/2.0/mlflow/`.
    let call: String
    let body: String
    let status: Int
    let answer: String

    var testDescription: String { "\(call) \(body.prefix(80))" }

    private init(_ call: String, _ body: String, _ status: Int, _ answer: String) {
        (self.call, self.body, self.status, self.answer) = (call, body, status, answer)
    }

    static func ok(_ call: String, _ body: String = "", _ answer: String = "{}") -> MLflowExchange {
        MLflowExchange(call, body, 200, answer)
    }

    static func refused(
        _ call: String, _ body: String = "", _ message: String,
        _ code: MLflowError.Code = .invalidParameterValue
    ) -> MLflowExchange {
        var writer = JSONWriter()
        writer.write(MLflowError(code, message).json)
        return MLflowExchange(call, body, code.status.code, String(decoding: writer.bytes, as: UTF8.self))
    }

    static func missing(_ parameter: String, _ call: String, _ body: String = "") -> MLflowExchange {
        refused(
            call, body,
            "Missing value for required parameter '\(parameter)'. "
                + "See the API docs for more information about request parameters.")
    }

    static func wrongType(
        _ value: String, _ type: String, _ parameter: String, _ call: String, _ body: String = ""
    ) -> MLflowExchange {
        refused(
            call, body,
            "Invalid value \(value) for parameter '\(parameter)' supplied:  Hint: Value was of type '\(type)'. "
                + "See the API docs for more information about request parameters.")
    }
}

extension RunningServer {
    /// Asks as a client of MLflow does; the call is as `POST runs/create`.
    func mlflow(_ call: String, _ body: String = "", base: String = "/api/2.0/mlflow/") async throws -> Answer
    {
        let parts = call.split(separator: " ", maxSplits: 1)
        let path = base + parts[1]
        guard parts[0] != "GET" else { return try await ask(path) }
        return try await ask(
            path, method: String(parts[0]), headers: ["Content-Type: application/json"], body: body)
    }

    /// Asks these one after the other and compares the whole answers.
    func check(
        _ exchanges: [MLflowExchange], run: String = "", base: String = "/api/2.0/mlflow/"
    ) async throws {
        for exchange in exchanges {
            let call = exchange.call.replacing("@run", with: run)
            let answer = try await mlflow(call, exchange.body.replacing("@run", with: run), base: base)
            #expect(answer.status == exchange.status, "\(exchange.testDescription)")
            #expect(
                answer.text == exchange.answer.replacing("@run", with: run), "\(exchange.testDescription)")
        }
    }
}

extension JSONValue {
    /// What an answer says.
    init(_ answer: Answer) throws {
        self = try JSONReader.read(answer.body)
    }

    subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }
}
