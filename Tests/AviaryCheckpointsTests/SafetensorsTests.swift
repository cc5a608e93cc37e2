import AviaryCheckpoints
import AviaryTensors
import Foundation
import Testing

struct SafetensorsTests {
    private let example = Safetensors(
        tensors: [
            "b": Tensor([1.5, -2, .infinity] as [Float], shape: [3]), "a": Tensor(7 as Int64),
            "empty": Tensor([] as [Double], shape: [0, 2]),
            "c": Tensor([1, 2, 255] as [UInt8], shape: [3, 1]),
        ],
        metadata: ["recipe": "model: é\n"])

    @Test func `what was written is read back`() throws {
        let read = try Safetensors(example.bytes, named: "x")
        #expect(read.metadata == example.metadata)
        #expect(Set(read.tensors.keys) == ["a", "b", "c", "empty"])
        #expect(read.tensors["b"]?.values(as: Float.self) == [1.5, -2, .infinity])
        #expect(read.tensors["a"]?.values(as: Int64.self) == [7])
        #expect(read.tensors["empty"]?.shape == [0, 2])
        #expect(read.tensors["c"]?.values(as: UInt8.self) == [1, 2, 255])
    }

    @Test func `equal content gives equal bytes`() throws {
        #expect(try Safetensors(example.bytes, named: "x").bytes == example.bytes)
    }

    @Test func `every truncation is refused`() {
        let bytes = example.bytes
        for length in 0..<bytes.count {
            #expect(throws: CheckpointError.self) {
                _ = try Safetensors(Data(bytes.prefix(length)), named: "x")
            }
        }
    }

    /// A file from elsewhere with one tensor of these bytes.
    private func truthValues(_ bytes: [UInt8]) -> Data {
        let header =
            #"{"mask":{"dtype":"BOOL","shape":[\#(bytes.count)],"data_offsets":[0,\#(bytes.count)]}}"#
        return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
            + Data(bytes)
    }

    @Test func `truth values are read back`() throws {
        let mask = try Safetensors(truthValues([1, 0, 0, 1, 1]), named: "x").tensors["mask"]
        #expect(mask?.values(as: Bool.self) == [true, false, false, true, true])
        #expect(try Safetensors(truthValues([]), named: "x").tensors["mask"]?.shape == [0])
        let own = Safetensors(tensors: ["mask": Tensor([true, false], shape: [1, 2])])
        let read = try Safetensors(own.bytes, named: "x").tensors["mask"]
        #expect(read?.shape == [1, 2] && read?.values(as: Bool.self) == [true, false])
    }

    @Test(arguments: [2, 128, 255] as [UInt8])
    func `a byte that is no truth value is refused, and the tensor named`(byte: UInt8) {
        let error = #expect(throws: CheckpointError.self) {
            _ = try Safetensors(truthValues([1, 0, byte, 1]), named: "weights")
        }
        #expect(
            error
                == .damaged(
                    file: "weights",
                    problem: "tensor 'mask' has a truth value of \(byte), which is neither 0 nor 1"))
    }

    @Test(arguments: [
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
            "tensor 'a' of shape [2] needs 8 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
            "lies at 4..<8 of 8 bytes, expected from 0"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "4 bytes follow the last tensor"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "has the shape [-1]"),
        (
            #"{"a":{"dtype":"Q9","shape":[1],"data_offsets":[0,4]}}"#, 4,
            "elements of kind Q9; known: F64, F32, BF16, F16, I64, I32, I8, U8, BOOL"
        ),
        (#"{"a":{"shape":[1]}}"#, 4, "lacks dtype, shape or data_offsets"),
        (#"[1]"#, 0, "its header is not a JSON object"),
    ])
    func `a damaged header is refused with what is wrong`(header: String, byteCount: Int, problem: String) {
        var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        bytes += Data(header.utf8) + Data(count: byteCount)
        let error = #expect(throws: CheckpointError.self) { _ = try Safetensors(bytes, named: "weights") }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "none")")
    }
}
