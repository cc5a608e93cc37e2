import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import Testing

/// What a detector with a set loss needs beside its layers (`Tests/Oracles/family_steps.py`).
struct SetPredictionTests {
    private struct Fixture: Decodable {
        struct Mask: Decodable {
            let shape: [Int]
            let values: [UInt8]
        }
        let mask: Mask
        let positions, boxes, others, overlaps, centred, corners: FixtureTensor
    }

    private let expected: Fixture

    init() throws {
        expected = try fixture("set_prediction", as: Fixture.self)
    }

    /// Computed in double precision: what is left is the rounding of the result and of the fixture.
    @Test func `sine positions count what is no padding, as DETR does`() {
        let mask = Tensor(expected.mask.values, shape: expected.mask.shape)
        expected.positions.isClose(to: sinePositions(of: mask, width: 8), within: 1e-6, "uint8")
        expected.positions.isClose(
            to: sinePositions(of: mask.cast(to: .bool), width: 8), within: 1e-6, "bool")
        #expect(sinePositions(of: .zeros([0, 3, 4], dtype: .bool), width: 4).shape == [0, 3, 4, 4])
    }

    @Test func `each box is compared with each other`() {
        let (boxes, others) = (expected.boxes.tensor, expected.others.tensor)
        let overlaps = generalizedIoU(boxes, others)
        expected.overlaps.isClose(to: overlaps, within: 1e-6, "generalized IoU")
        expectClose(
            generalizedIoU(others.cast(to: .f64), others.cast(to: .f64)).doubles.enumerated()
                .filter { $0.offset.isMultiple(of: others.shape[0] + 1) }.map(\.element),
            [Double](repeating: 1, count: others.shape[0]), within: 1e-12, "a box with itself")
        #expect(generalizedIoU(boxes, .zeros([0, 4])).shape == [boxes.shape[0], 0])
        // Of rounded boxes: what the same numbers give in single precision.
        for kind in [DType.bf16, .f16] {
            let (rounded, more) = (boxes.cast(to: kind), others.cast(to: kind))
            let expected = generalizedIoU(rounded.cast(to: .f32), more.cast(to: .f32))
            #expect(
                generalizedIoU(rounded, more.cast(to: .f32)).values(as: Float.self)
                    == expected.values(as: Float.self))
        }
    }

    @Test func `boxes by centre and extent become boxes by corners`() throws {
        let pass = Pass(.training)
        let boxes = pass.input(expected.centred.tensor, needsGradient: true)
        let corners = cornerBoxes(boxes)
        expected.corners.isClose(to: corners.tensor, within: 1e-6, "corners")
        let upstream = Tensor([1, 2, 4, 8, 0, 0, 0, 1] as [Float], shape: [2, 4])
        // x1 + x2 and y1 + y2 of the upstream for the centre; half of x2 - x1 and y2 - y1 for the extent.
        let gradient = try #require(corners.backward(from: upstream)[boxes])
        #expect(gradient.doubles == [5, 10, 1.5, 3, 0, 1, 0, 0.5])
    }

    @Test func `what does not fit stops the program with the shapes`() async throws {
        let width = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = sinePositions(of: .zeros([1, 2, 2], dtype: .bool), width: 6)
        }
        #expect(try message(width).contains("sine positions: a width of 6 is no multiple of 4"))
        let mask = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = sinePositions(of: .zeros([2, 2], dtype: .bool), width: 4)
        }
        #expect(try message(mask).contains("sine positions: takes [N, H, W], given was [2, 2]"))
        let boxes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = generalizedIoU(.zeros([2, 4]), .zeros([2, 5]))
        }
        #expect(try message(boxes).contains("generalized IoU: takes [boxes, 4], given was [2, 5]"))
    }

    private func message(_ result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}
