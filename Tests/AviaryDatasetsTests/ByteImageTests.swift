import AviaryDatasets
import Foundation
import Testing

struct ByteImageTests {
    @Test func `grey has the weights of BT 601`() {
        let colours: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 10, 10, 1, 2, 3]
        let image = ByteImage(width: 3, height: 2, channels: 3, bytes: colours)
        #expect(image.grey.bytes == [76, 150, 29, 255, 10, 2])  // Pillow's convert("L")
        #expect(image.grey.channels == 1)
        #expect(image.grey.grey == image.grey)
    }

    @Test func `a grey picture becomes three equal channels and back`() {
        let image = ByteImage(width: 2, height: 1, channels: 1, bytes: [7, 200])
        #expect(image.rgb.bytes == [7, 7, 7, 200, 200, 200])
        #expect(image.converted(toChannels: 3).converted(toChannels: 1) == image)
    }

    @Test func `planes hold one channel after the other`() {
        let image = ByteImage(width: 2, height: 1, channels: 3, bytes: [1, 2, 3, 4, 5, 6])
        #expect(image.planes == [1, 4, 2, 5, 3, 6])
    }

    @Test func `resizing agrees with the oracle up to rounding`() throws {
        for example in try ResizeFixture.load().cases {
            let image = ByteImage(
                width: example.width, height: example.height, channels: example.channels, bytes: example.bytes
            )
            let resized = image.resized(width: example.toWidth, height: example.toHeight)
            #expect(resized.bytes.count == example.values.values.count, "\(example.name)")
            for (ours, exact) in zip(resized.bytes, example.values.values) {
                // Half a step of rounding, and what sums of at most 16 products lose in f32 at 255.
                #expect(abs(Double(ours) - exact) < 0.5 + 1e-3, "\(example.name)")
            }
        }
    }

    @Test func `resizing a plain area keeps its colour`() {
        let image = ByteImage(
            width: 31, height: 17, channels: 1, bytes: Array(repeating: 255, count: 31 * 17))
        #expect(image.resized(width: 28, height: 28).bytes == Array(repeating: 255, count: 784))
    }

    @Test func `sizes that do not fit end the process`() async {
        await #expect(processExitsWith: .failure) {
            _ = ByteImage(width: 2, height: 2, channels: 1, bytes: [0, 0, 0])
        }
    }
}

/// What Tests/Oracles/resize.py writes.
private struct ResizeFixture: Decodable {
    struct Case: Decodable {
        let name: String
        let width: Int
        let height: Int
        let channels: Int
        let bytes: [UInt8]
        let toWidth: Int
        let toHeight: Int
        let values: Values
    }

    struct Values: Decodable {
        let shape: [Int]
        let values: [Double]
    }

    let cases: [Case]

    static func load() throws -> ResizeFixture {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/resize.json"))
        return try JSONDecoder().decode(ResizeFixture.self, from: data)
    }
}
