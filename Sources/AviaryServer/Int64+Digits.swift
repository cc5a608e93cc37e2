extension Int64 {
    /// The number that digits write; `nil` where anything else stands, a sign too, which `Int64` takes.
    init?(digits text: some StringProtocol) {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self.init(text)
    }
}
