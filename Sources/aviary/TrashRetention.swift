import ArgumentParser
import AviarySearchGrammar

/// How long what was deleted can be restored before it is freed.
struct TrashRetention: Sendable {
    static let standardDuration = Duration.seconds(30 * 86_400)
    static let standard = TrashRetention(duration: standardDuration)

    /// `nil` for ever.
    let duration: Duration?

    private init(duration: Duration?) {
        self.duration = duration
    }

    /// Reads `never`, or a duration.
    init(_ text: String) throws {
        duration = text == "never" ? nil : try Self.duration(text)
    }

    /// Reads a duration as filters have it.
    static func duration(_ text: String) throws -> Duration {
        guard let duration = SearchDuration.read(text) else {
            throw ValidationError("'\(text)' is no duration such as 12h, 30d or 4w")
        }
        return duration
    }
}
