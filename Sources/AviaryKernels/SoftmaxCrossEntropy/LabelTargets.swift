import CAviaryKernels

/// What a cross entropy asks of each row of `[rows, classes]`: its label's one-hot, smoothed to
/// `(1 - smoothing) one-hot + smoothing / classes`, times the weights of the classes; nothing where a row does not
/// count.
package struct LabelTargets<Element: BinaryFloatingPoint> {
    /// `[rows]`, each in `0..<classes` or the ignored one.
    let labels: UnsafePointer<Int64>
    /// `[classes]`; `nil` where each is 1.
    let weights: UnsafePointer<Element>?
    /// The sum of the weights of all classes.
    let weightSum: Double
    /// How much of a label is spread evenly over all classes.
    let smoothing: Double
    /// The label of rows that do not count; `nil` where all do.
    let ignoredLabel: Int64?

    /// Targets among so many classes.
    package init(
        labels: UnsafePointer<Int64>, classes: Int, weights: UnsafePointer<Element>? = nil,
        smoothing: Double = 0, ignoredLabel: Int64? = nil
    ) {
        (self.labels, self.weights, self.smoothing) = (labels, weights, smoothing)
        self.ignoredLabel = ignoredLabel
        weightSum =
            weights.map { UnsafeBufferPointer(start: $0, count: classes).reduce(0) { $0 + Double($1) } }
            ?? Double(classes)
    }

    /// The weight of a class.
    func weight(of label: Int) -> Double { weights.map { Double($0[label]) } ?? 1 }
}

extension LabelTargets<Float> {
    var arguments: aviary_label_targets {
        // Where all rows count, the ignored label is one that no row can have.
        aviary_label_targets(
            class_weights: weights, weight_sum: weightSum, smoothing: smoothing, ignored: ignoredLabel ?? -1)
    }
}
