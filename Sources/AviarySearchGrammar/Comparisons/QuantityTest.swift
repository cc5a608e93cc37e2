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
