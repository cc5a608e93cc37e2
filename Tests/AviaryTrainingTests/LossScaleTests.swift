import AviaryTestSupport
import AviaryTraining
import Testing

/// The loss scale against PyTorch's GradScaler (`Tests/Oracles/loss_scale.py`).
struct LossScaleTests {
    private struct Fixture: Decodable {
        struct Sequence: Decodable {
            let name, marks: String
            let start, growth, backoff: Double
            let interval: Int
            let scales: [Double]
            let counters: [Int]
            let stepped: [Bool]
        }
        let sequences: [Sequence]
    }

    @Test func `moves as GradScaler does`() throws {
        let sequences = try fixture("loss_scale", as: Fixture.self).sequences
        #expect(sequences.count == 7)
        for expected in sequences {
            var scale = LossScale(
                start: expected.start, growthFactor: expected.growth, backoffFactor: expected.backoff,
                growthInterval: expected.interval, minimum: 0)
            for (index, mark) in expected.marks.enumerated() {
                let isGood = mark == "."
                if isGood { scale.noteGoodStep() } else { try scale.noteSkippedStep() }
                let what = "\(expected.name), step \(index)"
                #expect(scale.value == expected.scales[index], "\(what)")
                #expect(scale.goodStepCount == expected.counters[index], "\(what)")
                #expect(isGood == expected.stepped[index], "\(what)")
            }
            #expect(scale.skippedStepCount == expected.marks.count { $0 != "." })
        }
    }

    @Test func `begins as PyTorch's does`() {
        let scale = LossScale()
        #expect(scale.value == 65_536 && scale.growthFactor == 2 && scale.backoffFactor == 0.5)
        #expect(scale.growthInterval == 2000)
    }

    @Test func `does not fall below its least value, and says so`() throws {
        var scale = LossScale(start: 4, minimum: 2)
        try scale.noteSkippedStep()
        #expect(scale.value == 2)
        let error = #expect(throws: LossScaleError.self) { try scale.noteSkippedStep() }
        #expect(scale.value == 2)
        #expect(
            error?.description
                == "a gradient was not finite at a loss scale of 2.0, which may not fall below 2.0 "
                + "(2 steps were skipped)")
    }
}
