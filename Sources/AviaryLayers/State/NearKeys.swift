/// Guesses which keys one that is not there might have meant.
struct NearKeys {
    private let known: [(key: String, letters: [UInt8])]

    init(_ known: some Sequence<String>) {
        self.known = known.sorted().map { ($0, Array($0.utf8)) }
    }

    /// At most three: first the same name behind another prefix, then names that a few wrong letters lead to.
    func neighbours(of key: String) -> [String] {
        let letters = Array(key.utf8)
        let allowed = max(2, letters.count / 4)
        let near = known.compactMap { other -> (key: String, distance: Int)? in
            if other.key.hasSuffix("." + key) || key.hasSuffix("." + other.key) { return (other.key, 0) }
            guard abs(other.letters.count - letters.count) <= allowed else { return nil }
            let distance = Self.distance(letters, other.letters)
            return distance <= allowed ? (other.key, distance) : nil
        }
        // Equal distances stay in the order of the keys.
        let sorted = near.enumerated().sorted {
            ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
        }
        return sorted.prefix(3).map(\.element.key)
    }

    /// How many letters must be put in, left out or changed (Levenshtein 1966).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let changed = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
