/// What is asked of a number: a metric, a time, a duration, a version.
///
/// Where there is no such number only `missing` fits. A metric that is NaN fits `notEqual` alone.
package enum QuantityTest<Value: Sendable & Equatable>: Sendable, Equatable {
    case compare(Comparator, Value)
    case present
    case missing
}

package typealias NumberTest = QuantityTest<Double>
/// Times in milliseconds since 1970, durations in milliseconds, versions.
package typealias IntegerTest = QuantityTest<Int64>

extension IntegerTest {
    /// The test that compares an integer with what may have a fraction: one above 1.5 is one above 1.
    ///
    /// `nil` if the value is no number, does not fit 64 bits, or has a fraction that no integer equals.
    init?(_ comparator: Comparator, _ value: Comparison.Value?) {
        if let integer = value?.integer {
            self = .compare(comparator, integer)
            return
        }
        guard let number = value?.number, let below = Int64(exactly: number.rounded(.down)) else {
            return nil
        }
        switch comparator {
        case .greater, .greaterOrEqual: self = .compare(.greater, below)
        case .less, .lessOrEqual: self = .compare(.lessOrEqual, below)
        case .equal, .notEqual: return nil
        }
    }
}
