/// What ends the program beside a wrong option.
enum BenchmarkError: Error, Equatable, CustomStringConvertible {
    /// The system does not say something of this process: how much memory it had, where it may run.
    case noStatus(String)
    /// A measurement's own process failed.
    case failed(measurement: String, status: Int32)
    /// A file of the exchange lacks what it must have.
    case incomplete(file: String, missing: String)

    var description: String {
        switch self {
        case .noStatus(let name):
            "/proc/self/status has no line '\(name): …' of the form that Linux writes"
        case .failed(let measurement, let status):
            "\(measurement): its process ended with status \(status)"
        case .incomplete(let file, let missing):
            "\(file) has no tensor '\(missing)'; write it anew with --export"
        }
    }
}
