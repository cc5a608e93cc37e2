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

    /// The same of UTF-8, quickly for short decimal fractions.
    ///
    /// Source: W. D. Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990: a whole number and a power
    /// of ten that are doubles themselves have a product and a quotient that are rounded once.
    static func number(in text: UnsafeBufferPointer<UInt8>) -> Double? {
        var digits: Int64 = 0
        var fractionCount: Int?
        let isNegative = text.first == UInt8(ascii: "-")
        let places = text.dropFirst(isNegative ? 1 : 0)
        guard (1...16).contains(places.count) else {
            return number(in: String(decoding: text, as: UTF8.self))
        }
        for byte in places {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits = digits * 10 + Int64(byte - UInt8(ascii: "0"))
                fractionCount = fractionCount.map { $0 + 1 }
            case UInt8(ascii: ".") where fractionCount == nil: fractionCount = 0
            default: return number(in: String(decoding: text, as: UTF8.self))
            }
        }
        guard digits <= 1 << 53, fractionCount != 0, places.first != UInt8(ascii: ".") else {
            return number(in: String(decoding: text, as: UTF8.self))
        }
        let number = Double(digits) / powersOfTen[fractionCount ?? 0]
        return isNegative ? -number : number
    }

    /// Those that are doubles without rounding, as far as a text of sixteen places needs them.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
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
