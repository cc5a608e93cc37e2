import AviarySearchGrammar
import GRDB
import Synchronization

/// What searches ask of a value that SQLite has no function for.
enum SearchFunctions {
    static func add(to db: Database) {
        let patterns = KnownPatterns()
        db.add(
            function: DatabaseFunction("aviary_matches", argumentCount: 2, pure: true) { values in
                guard let text = String.fromDatabaseValue(values[0]),
                    let source = String.fromDatabaseValue(values[1])
                else { return nil }
                return try patterns.pattern(source).matches(text)
            })
        db.add(
            function: DatabaseFunction("aviary_number", argumentCount: 1, pure: true) { values in
                String.fromDatabaseValue(values[0]).flatMap { number(in: $0) }
            })
    }

    /// The number that a text is as a whole; NaN is none.
    static func number(in text: String) -> Double? {
        guard let number = Double(text), !number.isNaN else { return nil }
        return number
    }
}

/// The patterns of the search that runs on a connection, read once instead of once for each row.
private final class KnownPatterns: Sendable {
    private let patterns = Mutex<[String: SearchPattern]>([:])

    func pattern(_ source: String) throws(SearchPatternError) -> SearchPattern {
        if let known = patterns.withLock({ $0[source] }) { return known }
        let made = try SearchPattern(source)
        patterns.withLock { patterns in
            // Enough for all of one search; the next one has others.
            if patterns.count >= SearchLimits.comparisons { patterns = [:] }
            patterns[source] = made
        }
        return made
    }
}
