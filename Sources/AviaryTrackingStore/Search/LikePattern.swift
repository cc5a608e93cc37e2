/// What LIKE compares with: `%` stands for any run of characters, `_` for one, all else for itself.
///
/// It works on UTF-8: a character of the pattern never fits in the middle of one of the text.
struct LikePattern {
    private let pattern: [UInt8]
    private let ignoresCase: Bool

    init(_ pattern: String, ignoringCase: Bool) {
        self.pattern = Array((ignoringCase ? pattern.lowercased() : pattern).utf8)
        ignoresCase = ignoringCase
    }

    /// Whether the whole text fits; `check` is called now and then where that takes long.
    func fits<Failure>(
        _ text: ArraySlice<UInt8>, check: () throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard ignoresCase else { return try fits(bytes: text, check) }
        if text.allSatisfy({ $0 < 0x80 }) {
            return try fits(bytes: text.map(Self.lowercased)[...], check)
        }
        return try fits(bytes: Array(String(decoding: text, as: UTF8.self).lowercased().utf8)[...], check)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// Goes back to the last `%` alone where something does not fit: what fitted before it, fits still.
    private func fits<Failure>(
        bytes text: ArraySlice<UInt8>, _ check: () throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        var place = text.startIndex
        var patternPlace = 0
        var afterPercent: Int?
        var restart = text.startIndex
        var restartCount = 0
        while place < text.endIndex {
            if patternPlace < pattern.count, pattern[patternPlace] == UInt8(ascii: "%") {
                patternPlace += 1
                afterPercent = patternPlace
                restart = place
            } else if patternPlace < pattern.count, pattern[patternPlace] == UInt8(ascii: "_") {
                patternPlace += 1
                place = Self.next(place, in: text)
            } else if patternPlace < pattern.count, pattern[patternPlace] == text[place] {
                patternPlace += 1
                place += 1
            } else if let afterPercent {
                restart = Self.next(restart, in: text)
                place = restart
                patternPlace = afterPercent
                restartCount += 1
                if restartCount.isMultiple(of: 256) { try check() }
            } else {
                return false
            }
        }
        return pattern[patternPlace...].allSatisfy { $0 == UInt8(ascii: "%") }
    }

    /// Where the next character begins.
    private static func next(_ place: Int, in text: ArraySlice<UInt8>) -> Int {
        var next = place + 1
        while next < text.endIndex, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}
