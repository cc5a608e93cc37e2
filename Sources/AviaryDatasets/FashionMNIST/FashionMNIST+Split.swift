import Crypto

extension FashionMNIST {
    /// The seed of the split; figures quoted for a model name it.
    public static let splitSeed = "split-v1"

    /// Which pictures of the training files are held out for validation, in ascending order.
    ///
    /// They are the 5,000 of the 60,000 indices with the smallest SHA-256 of `split-v1/INDEX`, so that any
    /// language finds the same ones without our random numbers. In Python:
    ///
    /// ```python
    /// rank = lambda index: hashlib.sha256(f"split-v1/{index}".encode()).digest()
    /// validation = sorted(sorted(range(60000), key=rank)[:5000])
    /// ```
    public static func validationIndices() -> [Int] {
        let ranked = (0..<60_000).map { index in (rank: rank(of: index), index: index) }
        return ranked.sorted { $0.rank < $1.rank }.prefix(5_000).map(\.index).sorted()
    }

    /// The first 64 bits of the digest; no two of the 60,000 agree in them (a test counts).
    private static func rank(of index: Int) -> UInt64 {
        SHA256.digest(of: Array("\(splitSeed)/\(index)".utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
