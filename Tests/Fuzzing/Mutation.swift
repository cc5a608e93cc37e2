/// Makes bytes that are nearly right out of bytes that are, and bytes that are nothing.
package struct Mutation {
    /// What means something where it stands.
    private let pieces: [[UInt8]]

    package init(pieces: [String]) {
        self.pieces = pieces.map { Array($0.utf8) }
    }

    /// The bytes with one to six changes: a piece put in, bytes taken out, doubled or changed, the end cut off.
    package func mutated(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 1...20, using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3: bytes.insert(contentsOf: random.one(of: pieces), at: place)
            case 4, 5: bytes.removeSubrange(place..<min(bytes.count, place + 1))
            case 6: bytes.removeSubrange(place..<end)
            case 7, 8: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            case 9 where random.oneIn(4): bytes.removeSubrange(place...)
            default:
                guard place < bytes.count else { continue }
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
        }
        return bytes
    }

    /// Pieces behind each other, or bytes of any kind.
    package func noise(_ random: inout SeededRandom) -> [UInt8] {
        let count = Int.random(in: 0...60, using: &random)
        if random.oneIn(2) { return (0..<count).flatMap { _ in random.one(of: pieces) } }
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
