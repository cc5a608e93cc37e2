import Foundation

/// A number with so many digits behind the point.
func fixed(_ number: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", number)
}

/// A double as JSON has it; NaN and the infinities are strings.
func jsonNumber(_ number: Double) -> Any {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return number
}
