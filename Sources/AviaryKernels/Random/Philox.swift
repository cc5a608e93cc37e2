/// A block of random words as a function of a counter and a key.
///
/// Source: Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", Philox 4x32-10.
package func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)
) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c, k) = (counter, key)
    for _ in 0..<10 {
        let (high0, low0) = UInt32(0xD251_1F53).multipliedFullWidth(by: c.0)
        let (high1, low1) = UInt32(0xCD9E_8D57).multipliedFullWidth(by: c.2)
        c = (high1 ^ c.1 ^ k.0, low1, high0 ^ c.3 ^ k.1, low0)
        k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
}
