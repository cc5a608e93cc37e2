import Logging

/// A failure whose cause is for the server's log alone: the answer has the number under which the log has it,
/// so that no SQL and no path leaves the server.
struct Incident {
    private let number: String

    init(_ error: any Error, _ logger: Logger) {
        number = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        logger.error("\(error)", metadata: ["incident": "\(number)"])
    }

    /// What the answer says.
    func message(_ text: String) -> String {
        "\(text) (incident \(number) in the server's log)"
    }
}
