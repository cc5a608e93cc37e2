import AviaryDatasets
import Testing

struct LabelledImagesTests {
    private let images = LabelledImages(
        channels: 1, height: 1, width: 2, pixels: [0, 1, 10, 11, 20, 21], labels: [0, 1, 0],
        classNames: ["wren", "kestrel"])

    @Test func `counts its pictures`() {
        #expect(images.count == 3)
        #expect(images.valuesPerImage == 2)
    }

    @Test func `a subset has the pictures in the order asked`() {
        let subset = images.subset(at: [2, 1, 2])
        #expect(subset.pixels == [20, 21, 10, 11, 20, 21])
        #expect(subset.labels == [0, 1, 0])
        #expect(subset.classNames == images.classNames)
        #expect(images.subset(at: []).count == 0)
    }

    @Test func `sizes that do not fit end the process`() async {
        await #expect(processExitsWith: .failure) {
            _ = LabelledImages(
                channels: 1, height: 2, width: 2, pixels: [1], labels: [0], classNames: ["wren"])
        }
        await #expect(processExitsWith: .failure) {
            _ = LabelledImages(
                channels: 1, height: 1, width: 1, pixels: [1], labels: [1], classNames: ["wren"])
        }
    }
}
