/// Reads a moment as ISO 8601 writes it.
enum ISOTime {
    /// Milliseconds since 1970; `nil` if the text is no such moment.
    ///
    /// It knows `2026-03-01`, `2026-03-01T12:00`, `2026-03-01 12:00:00.250Z` and `2026-03-01T12:00:00+01:00`;
    /// without a zone it is UTC.
    static func milliseconds(_ text: String) -> Int64? {
        var reader = Reader(rest: text.utf8[...])
        guard let day = reader.day() else { return nil }
        if reader.rest.isEmpty { return day * 86_400_000 }
        guard reader.skip("T") || reader.skip(" "), let time = reader.time(), let zone = reader.zone(),
            reader.rest.isEmpty
        else { return nil }
        return day * 86_400_000 + time - zone
    }

    /// The day since 1970-01-01.
    ///
    /// Source: the conversion of civil dates to days by H. Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms" (years are shifted to begin in March, so that a leap day is the last day of its year).
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func dayCount(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Reader {
        var rest: Substring.UTF8View

        mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard let byte = rest.first, byte == UInt8(ascii: scalar) else { return false }
            rest.removeFirst()
            return true
        }

        /// Exactly so many digits.
        mutating func number(digits count: Int) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest.removeFirst(count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
        }

        mutating func day() -> Int64? {
            guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
                let day = number(digits: 2), (1...12).contains(month), day >= 1,
                day <= ISOTime.dayCount(year: year, month: month)
            else { return nil }
            return ISOTime.day(year: year, month: month, day: day)
        }

        /// Milliseconds since midnight.
        mutating func time() -> Int64? {
            guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2), hour < 24,
                minute < 60
            else { return nil }
            let start = hour * 3_600_000 + minute * 60_000
            guard skip(":") else { return start }
            guard let second = number(digits: 2), second < 60 else { return nil }
            guard skip(".") else { return start + second * 1000 }
            guard let fraction = fraction() else { return nil }
            return start + second * 1000 + fraction
        }

        /// Milliseconds; what is finer is cut off.
        private mutating func fraction() -> Int64? {
            let digits = rest.prefix { (48...57).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            rest.removeFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
            return (0..<9 - digits.count).reduce(value) { product, _ in product * 10 } / 1_000_000
        }

        /// Milliseconds that the zone is ahead of UTC.
        mutating func zone() -> Int64? {
            if rest.isEmpty || skip("Z") { return 0 }
            let isAhead = skip("+")
            guard isAhead || skip("-"), let hours = number(digits: 2), hours < 24 else { return nil }
            _ = skip(":")
            guard let minutes = number(digits: 2), minutes < 60 else { return nil }
            let offset = hours * 3_600_000 + minutes * 60_000
            return isAhead ? offset : -offset
        }
    }
}
