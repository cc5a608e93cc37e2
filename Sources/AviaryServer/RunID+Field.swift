import AviaryTracking

extension RunID {
    /// Reads what a field of a request says of a run.
    init(_ text: some StringProtocol, field: String) throws(APIError) {
        guard let run = RunID(String(text)) else {
            throw APIError(
                .invalid, "\(field): '\(String(text).shortened())' is not 32 lower-case hexadecimal digits")
        }
        self = run
    }
}
