/// A regular expression as a tree.
indirect enum PatternNode {
    case empty
    case scalar(Unicode.Scalar)
    case set(ScalarSet)
    case textStart
    case textEnd
    case sequence([PatternNode])
    case choice([PatternNode])
    case repetition(PatternNode, least: Int, most: Int?)
}

/// Which scalars fit one place of a pattern.
struct ScalarSet: Sendable {
    /// Sorted, without overlaps.
    private let ranges: [ClosedRange<UInt32>]
    private let classes: [ScalarClass]
    private let isNegated: Bool

    init(ranges: [ClosedRange<UInt32>], classes: [ScalarClass] = [], isNegated: Bool = false) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
        self.classes = Array(Set(classes))
        self.isNegated = isNegated
    }

    /// What `.` stands for.
    static let allButLineEnd = ScalarSet(ranges: [10...10], isNegated: true)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isListed = isInRanges(scalar.value) || classes.contains { $0.contains(scalar) }
        return isListed != isNegated
    }

    /// By halving: a class may list thousands of scalars.
    private func isInRanges(_ value: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }
}

/// `\d`, `\w`, `\s`, or what is none of it.
struct ScalarClass: Hashable, Sendable {
    enum Kind: Sendable {
        case digit
        case word
        case space
    }

    let kind: Kind
    let isNegated: Bool

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isOfKind =
            switch kind {
            case .digit: scalar.isDigit || scalar.properties.generalCategory == .decimalNumber
            case .word: scalar.isWord
            case .space: scalar.properties.isWhitespace
            }
        return isOfKind != isNegated
    }
}
