import AviaryDatasets
import Testing

struct IDXFileTests {
    private func file(shape: [UInt8], values: Int, type: UInt8 = 8) -> [UInt8] {
        let lengths: [UInt8] = shape.flatMap { [0, 0, 0, $0] }
        return [0, 0, type, UInt8(shape.count)] + lengths + Array(0..<UInt8(values))
    }

    @Test func `reads the axes and the values`() throws {
        let read = try IDXFile(file(shape: [2, 3, 4], values: 24), axisCount: 3, path: "x")
        #expect(read.shape == [2, 3, 4])
        #expect(Array(read.values) == Array(0..<24))
    }

    @Test func `refuses a file of another kind, naming what it begins with`() {
        #expect {
            try IDXFile(file(shape: [2], values: 2), axisCount: 3, path: "images")
        } throws: { error in
            "\(error)"
                == "images is not an IDX file of bytes with 3 axes: it begins with 00 00 08 01, not 00 00 08 03"
        }
        #expect {
            try IDXFile([], axisCount: 1, path: "labels")
        } throws: { error in
            "\(error)"
                == "labels is not an IDX file of bytes with 1 axes: it begins with nothing, not 00 00 08 01"
        }
        #expect(throws: DatasetError.self) {
            try IDXFile(file(shape: [2], values: 2, type: 13), axisCount: 1, path: "floats")
        }
    }

    @Test func `refuses a header that is cut short`() {
        #expect(
            throws: DatasetError.damaged(path: "x", problem: "its header has 9 bytes instead of 16")
        ) { try IDXFile(Array(file(shape: [2, 3, 4], values: 24).prefix(9)), axisCount: 3, path: "x") }
    }

    @Test(arguments: [0, 5, 7])
    func `refuses fewer or more values than the header says`(values: Int) {
        #expect(
            throws: DatasetError.damaged(path: "x", problem: "its header says 2 x 3 values, \(values) follow")
        ) { try IDXFile(file(shape: [2, 3], values: values), axisCount: 2, path: "x") }
    }

    @Test func `refuses lengths whose product no number holds`() {
        let huge: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
        #expect(throws: DatasetError.self) { try IDXFile(huge, axisCount: 3, path: "x") }
    }
}
