/// An array of bytes in the IDX format of the MNIST family.
///
/// Source: Y. LeCun, "The MNIST database of handwritten digits", file formats: two zero bytes, the type (8
/// for unsigned bytes), the number of axes, each axis's length as a big-endian 32-bit number, then the
/// values.
package struct IDXFile: Sendable, Equatable {
    /// The length of each axis.
    package let shape: [Int]
    /// The values, row-major.
    package let values: ArraySlice<UInt8>

    /// Reads the whole content of a file; `path` is for the messages.
    package init(_ bytes: [UInt8], axisCount: Int, path: String) throws(DatasetError) {
        let headerCount = 4 + 4 * axisCount
        let magic: [UInt8] = [0, 0, 8, UInt8(axisCount)]
        guard Array(bytes.prefix(4)) == magic else {
            throw .foreign(
                path: path, expected: "an IDX file of bytes with \(axisCount) axes",
                found:
                    "it begins with \(Self.hexadecimal(bytes.prefix(4))), not \(Self.hexadecimal(magic[...]))"
            )
        }
        guard bytes.count >= headerCount else {
            throw .damaged(
                path: path, problem: "its header has \(bytes.count) bytes instead of \(headerCount)")
        }
        shape = (0..<axisCount).map { axis in
            bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
        }
        values = bytes[headerCount...]
        guard Self.product(shape) == values.count else {
            throw .damaged(
                path: path,
                problem: "its header says \(shape.map(String.init).joined(separator: " x ")) values, "
                    + "\(values.count) follow")
        }
    }

    /// `nil` where the product is too large for a number: no file has that many bytes.
    private static func product(_ lengths: [Int]) -> Int? {
        var product = 1
        for length in lengths {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            product = next
        }
        return product
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.isEmpty { return "nothing" }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
