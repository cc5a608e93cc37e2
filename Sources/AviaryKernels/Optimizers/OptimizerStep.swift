import CAviaryKernels

/// What one step over one parameter reads, and what it changes where it lies; none of the arrays overlap.
package struct StepArrays<Element> {
    package let count: Int
    package let parameter: UnsafeMutablePointer<Element>
    package let gradient: UnsafePointer<Element>
    /// What the optimizer keeps beside the parameter, in the order that its rule states.
    package let state: [UnsafeMutablePointer<Element>]

    package init(
        count: Int, parameter: UnsafeMutablePointer<Element>, gradient: UnsafePointer<Element>,
        state: [UnsafeMutablePointer<Element>]
    ) {
        self.count = count
        self.parameter = parameter
        self.gradient = gradient
        self.state = state
    }
}

/// One step of an optimizer: the numbers of its rule, and the rule twice.
package protocol OptimizerStep: Sendable {
    /// For the vectorised loops, which a `StepList` runs.
    var vectorised: VectorisedRule { get }
    /// As the definition reads, in any precision.
    func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>)
}

/// A rule with its numbers in single precision.
package struct VectorisedRule {
    let kind: aviary_rule_kind
    let numbers: aviary_rule_numbers
}

/// From `a` to `b`, exact at both ends: PyTorch's `lerp`.
func interpolated<T: BinaryFloatingPoint>(_ a: T, _ b: T, share: T) -> T {
    share < 0.5 ? a + share * (b - a) : b - (b - a) * (1 - share)
}
