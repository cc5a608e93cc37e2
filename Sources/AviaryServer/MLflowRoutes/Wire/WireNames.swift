package import AviaryTracking
package import AviaryTrackingStore

/// The values of an enumeration, each with the name and the number that clients may send for it.
package struct WireNames<Value: Sendable>: Sendable {
    private let entries: [(name: String, number: Int64, value: Value)]

    package init(_ entries: [(name: String, number: Int64, value: Value)]) {
        self.entries = entries
    }

    /// The value of a name, or of a number in decimal digits.
    func value(named name: String) -> Value? {
        entries.first { $0.name == name }?.value ?? Int64(name).flatMap { value(numbered: $0) }
    }

    func value(numbered number: Int64) -> Value? {
        entries.first { $0.number == number }?.value
    }

    /// The names, for a message.
    var list: String { entries.map(\.name).joined(separator: ", ") }
}

extension WireNames where Value == RunStatus {
    package static var runStatuses: WireNames<RunStatus> {
        WireNames([
            (name: "RUNNING", number: 1, value: .running),
            (name: "SCHEDULED", number: 2, value: .scheduled),
            (name: "FINISHED", number: 3, value: .finished),
            (name: "FAILED", number: 4, value: .failed),
            (name: "KILLED", number: 5, value: .killed),
        ])
    }
}

extension WireNames where Value == Lifecycle {
    package static var viewTypes: WireNames<Lifecycle> {
        WireNames([
            (name: "ACTIVE_ONLY", number: 1, value: .active),
            (name: "DELETED_ONLY", number: 2, value: .deleted),
            (name: "ALL", number: 3, value: .any),
        ])
    }
}

extension WireNames where Value == LoggedModelStatus {
    package static var loggedModelStatuses: WireNames<LoggedModelStatus> {
        WireNames(
            [LoggedModelStatus.pending, .ready, .uploadFailed].map { status in
                (name: status.wireName, number: status.rawValue, value: status)
            })
    }
}

extension LoggedModelStatus {
    var wireName: String {
        switch self {
        case .pending: "LOGGED_MODEL_PENDING"
        case .ready: "LOGGED_MODEL_READY"
        case .uploadFailed: "LOGGED_MODEL_UPLOAD_FAILED"
        }
    }
}
