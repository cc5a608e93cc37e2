/// The version that `aviary --version` prints and runs record.
enum Version {
    static let current = "0.1.0"
}
