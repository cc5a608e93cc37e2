import AviarySearchGrammar
import GRDB

extension TextTest {
    /// The condition on a text that is there.
    func condition(on text: SQL) -> SQL {
        switch self {
        case .equal(let value): "\(text) = \(value)"
        case .notEqual(let value): "\(text) <> \(value)"
        case .like(let pattern, let ignoringCase): Self.like(text, pattern, ignoringCase)
        case .notLike(let pattern, let ignoringCase): "NOT \(Self.like(text, pattern, ignoringCase))"
        case .among(let values): "\(text) IN \(values)"
        case .notAmong(let values): "\(text) NOT IN \(values)"
        case .matches(let pattern): "aviary_matches(\(text), \(pattern.source))"
        case .notMatches(let pattern): "NOT aviary_matches(\(text), \(pattern.source))"
        case .present: "1"
        case .missing: "0"
        }
    }

    /// SQLite's LIKE knows the case of letters here (`StoreConnections`), and by itself only that of A to Z.
    private static func like(_ text: SQL, _ pattern: String, _ ignoringCase: Bool) -> SQL {
        guard ignoringCase else { return "\(text) LIKE \(pattern)" }
        return "swiftLowercaseString(\(text)) LIKE \(pattern.lowercased())"
    }
}

extension ValueTest {
    /// The condition on a param or tag that is there.
    func condition(on value: SQL) -> SQL {
        switch self {
        case .text(let test): test.condition(on: value)
        case .number(let comparator, let number):
            "aviary_number(\(value)) \(sql: comparator.sql) \(number)"
        }
    }
}

extension TextTest {
    /// The condition on a text that is there where `isThere` says so.
    func condition(on text: SQL, where isThere: SQL) -> SQL {
        self == .missing ? "NOT (\(isThere))" : "\(isThere) AND \(condition(on: text))"
    }
}

extension IdentifierTest {
    /// The condition on a number.
    func condition(on number: SQL) -> SQL {
        switch self {
        case .among(let numbers): "\(number) IN \(numbers)"
        case .notAmong(let numbers): "\(number) NOT IN \(numbers)"
        }
    }
}

extension QuantityTest<Int64> {
    /// The condition on an integer that may be NULL.
    func condition(on value: SQL) -> SQL {
        switch self {
        case .compare(let comparator, let other):
            "\(value) IS NOT NULL AND \(value) \(sql: comparator.sql) \(other)"
        case .present: "\(value) IS NOT NULL"
        case .missing: "\(value) IS NULL"
        }
    }
}

extension QuantityTest<Double> {
    /// The condition on the image of a double (`OrderedBits`) that is there.
    ///
    /// NaN, which is below all numbers in images, fits `!=` alone.
    func condition(onBits bits: SQL) -> SQL {
        switch self {
        case .compare(let comparator, let number) where number.isNaN:
            comparator == .notEqual ? "1" : "0"
        case .compare(let comparator, let number):
            switch comparator {
            case .less, .lessOrEqual:
                "\(bits) > \(OrderedBits.nan) AND \(bits) \(sql: comparator.sql) \(OrderedBits.image(of: number))"
            case .equal, .notEqual, .greater, .greaterOrEqual:
                "\(bits) \(sql: comparator.sql) \(OrderedBits.image(of: number))"
            }
        case .present: "1"
        case .missing: "0"
        }
    }
}

extension Comparator {
    var sql: String {
        switch self {
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }
}
