/// What one step over one parameter reads and what it writes; none of the arrays overlap.
package struct StepArrays<Element> {
    package let count: Int
    package let parameter: UnsafePointer<Element>
    package let gradient: UnsafePointer<Element>
    /// What the optimizer keeps beside the parameter, in the order that its rule states.
    package let state: [UnsafePointer<Element>]
    package let newParameter: UnsafeMutablePointer<Element>
    package let newState: [UnsafeMutablePointer<Element>]

    package init(
        count: Int, parameter: UnsafePointer<Element>, gradient: UnsafePointer<Element>,
        state: [UnsafePointer<Element>], newParameter: UnsafeMutablePointer<Element>,
        newState: [UnsafeMutablePointer<Element>]
    ) {
        self.count = count
        self.parameter = parameter
        self.gradient = gradient
        self.state = state
        self.newParameter = newParameter
        self.newState = newState
    }
}

/// One step of an optimizer: the numbers of its rule, and the rule twice.
package protocol OptimizerStep: Sendable {
    /// In single precision, vectorised, on all threads.
    func run(_ arrays: StepArrays<Float>)
    /// As the definition reads, in any precision.
    func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>)
}

/// From `a` to `b`, exact at both ends: PyTorch's `lerp`.
func interpolated<T: BinaryFloatingPoint>(_ a: T, _ b: T, share: T) -> T {
    share < 0.5 ? a + share * (b - a) : b - (b - a) * (1 - share)
}
