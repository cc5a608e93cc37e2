/// Guesses what a misspelt word was meant to be.
enum Spelling {
    /// The word of `known` that few wrong letters turn into `word`; nil where none is near.
    static func nearest(to word: String, among known: [String]) -> String? {
        let allowed = max(1, min(2, word.count / 3))
        let near = known.map { (word: $0, distance: distance(word, $0)) }.filter { $0.distance <= allowed }
        return near.min { $0.distance < $1.distance }?.word
    }

    /// How many letters must be put in, left out or changed (Levenshtein 1966).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
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
