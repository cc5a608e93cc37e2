import AviaryFiles
public import AviaryTensors
import Crypto
public import Foundation

/// A file of named tensors with a table of texts: the safetensors format.
///
/// Layout: 8 bytes little-endian length of a JSON header, the header, then the tensors' bytes without gaps.
/// What is written here also has the SHA-256 of those bytes among its texts, and is checked against it when read.
/// Source: the format's description in huggingface/safetensors, version 0.4.
public struct Safetensors: Sendable {
    /// The tensors by name.
    public var tensors: [String: Tensor]
    /// Texts beside them (`__metadata__`).
    public var metadata: [String: String]

    /// Puts a file's content together.
    public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The file's bytes; equal content gives equal bytes: names are written in order.
    public var bytes: Data {
        var header: [String: Any] = [:]
        var body = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let bytes = tensor.littleEndianBytes
            header[name] =
                [
                    "dtype": tensor.dtype.safetensorsName, "shape": tensor.shape,
                    "data_offsets": [body.count, body.count + bytes.count],
                ] as [String: Any]
            body.append(bytes)
        }
        header["__metadata__"] = metadata.merging([Self.digestKey: Self.digest(of: body)]) { _, digest in
            digest
        }
        guard var json = try? JSONSerialization.data(withJSONObject: header, options: .sortedKeys) else {
            fatalError("safetensors: a table of texts and numbers has no JSON form")
        }
        json.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8))
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json + body
    }

    /// Reads a file's bytes; `name` stands in the messages.
    public init(_ data: Data, named name: String) throws(CheckpointError) {
        let (header, body) = try Self.split(data, name)
        var entries: [Entry] = []
        metadata = [:]
        for (key, value) in header {
            guard key != "__metadata__" else {
                guard let texts = value as? [String: String] else {
                    throw .damaged(file: name, problem: "__metadata__ is not a table of texts")
                }
                metadata = texts
                continue
            }
            entries.append(try Entry(key, value, file: name))
        }
        entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var position = 0
        tensors = [:]
        for entry in entries {
            guard entry.begin == position, entry.end <= body.count else {
                throw .damaged(
                    file: name,
                    problem:
                        "tensor '\(entry.name)' lies at \(entry.begin)..<\(entry.end) of \(body.count) bytes, "
                        + "expected from \(position)")
            }
            tensors[entry.name] = try entry.tensor(from: body, file: name)
            position = entry.end
        }
        guard position == body.count else {
            throw .damaged(file: name, problem: "\(body.count - position) bytes follow the last tensor")
        }
        try checkDigest(of: body, name)
    }

    /// Refuses bytes that are not those of which the file was written; files from elsewhere say nothing of it.
    private mutating func checkDigest(of body: Data, _ name: String) throws(CheckpointError) {
        guard let expected = metadata.removeValue(forKey: Self.digestKey) else { return }
        guard Self.digest(of: body) == expected else {
            throw .damaged(
                file: name, problem: "its tensors are not those that were written (SHA-256 differs)")
        }
    }

    private static let digestKey = "data_sha256"

    private static func digest(of body: Data) -> String {
        Hexadecimal.text(of: SHA256.hash(data: body))
    }

    private static func split(_ data: Data, _ name: String) throws(CheckpointError) -> ([String: Any], Data) {
        guard data.count >= 8 else { throw .damaged(file: name, problem: "it has \(data.count) bytes") }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= 100_000_000, Int(length) <= data.count - 8 else {
            throw .damaged(file: name, problem: "its header would have \(length) bytes of \(data.count)")
        }
        let json = data.dropFirst(8).prefix(Int(length))
        guard let parsed = try? JSONSerialization.jsonObject(with: Data(json)),
            let header = parsed as? [String: Any]
        else { throw .damaged(file: name, problem: "its header is not a JSON object") }
        return (header, Data(data.dropFirst(8 + Int(length))))
    }
}

/// One line of the header.
private struct Entry {
    let name: String
    let dtype: DType
    let shape: [Int]
    let begin: Int
    let end: Int

    init(_ name: String, _ value: Any, file: String) throws(CheckpointError) {
        guard let fields = value as? [String: Any], let kind = fields["dtype"] as? String,
            let shape = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int],
            offsets.count == 2
        else { throw .damaged(file: file, problem: "tensor '\(name)' lacks dtype, shape or data_offsets") }
        guard let dtype = DType.allCases.first(where: { $0.safetensorsName == kind }) else {
            let known = DType.allCases.map(\.safetensorsName).joined(separator: ", ")
            throw .unsupported(file: file, tensor: name, dtype: kind, known: known)
        }
        var byteCount = dtype.byteCount
        for extent in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else {
                throw .damaged(file: file, problem: "tensor '\(name)' has the shape \(shape)")
            }
            byteCount = product
        }
        guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] - offsets[0] == byteCount else {
            throw .damaged(
                file: file,
                problem: "tensor '\(name)' of shape \(shape) needs \(byteCount) bytes, has \(offsets)")
        }
        (self.name, self.dtype, self.shape, begin, end) = (name, dtype, shape, offsets[0], offsets[1])
    }

    func tensor(from body: Data, file: String) throws(CheckpointError) -> Tensor {
        let bytes = body.dropFirst(begin).prefix(end - begin)
        guard dtype != .bool else {
            // Not read as truth values: another byte is none, and the compiler relies on that.
            if let byte = bytes.first(where: { $0 > 1 }) {
                throw .damaged(
                    file: file,
                    problem: "tensor '\(name)' has a truth value of \(byte), which is neither 0 nor 1")
            }
            return Tensor(bytes.map { $0 == 1 }, shape: shape)
        }
        func copy<T: TensorElement>(_ type: T.Type) -> Tensor {
            var values: [T] = []
            bytes.withUnsafeBytes { raw in
                values = (0..<raw.count / MemoryLayout<T>.stride).map {
                    raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.stride, as: T.self)
                }
            }
            return Tensor(values, shape: shape)
        }
        return copy(dtype.element)
    }
}

extension DType {
    fileprivate var safetensorsName: String {
        switch self {
        case .f64: "F64"
        case .f32: "F32"
        case .bf16: "BF16"
        case .f16: "F16"
        case .int64: "I64"
        case .int32: "I32"
        case .int8: "I8"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }
}

extension Tensor {
    fileprivate var littleEndianBytes: Data {
        func bytes<T: TensorElement>(_ type: T.Type) -> Data {
            values(as: T.self).withUnsafeBytes { Data($0) }
        }
        return bytes(dtype.element)
    }
}
