import CAviaryKernels

/// Levels of instructions of our own loops; a higher one holds the lower.
package enum Instructions: UInt32, CaseIterable, Comparable, Sendable {
    case base, avx2, avx512, avx512BF16

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// What the loops use here.
    package static var inUse: Self {
        guard let level = Self(rawValue: aviary_instructions().rawValue) else {
            fatalError("instructions: the loops know a level \(aviary_instructions().rawValue)")
        }
        return level
    }

    /// Lets the whole program use no more than a level: for tests, in a process that does nothing else at the time.
    package static func lower(to level: Self) {
        aviary_lower_instructions(aviary_isa(level.rawValue))
    }
}
