import AviaryOptimizers
import AviaryTestSupport
import Testing

/// The schedules that `OptimizerTests` has not, against PyTorch (`Tests/Oracles/optimizers.py`).
struct ScheduleTests {
    private struct Fixture: Decodable {
        let schedules: [Rates]
    }

    private struct Rates: Decodable {
        struct Attributes: Decodable {
            let peak: Double
            let stepCount: Int
            let interval, warmUpCount: Int?
            let factor, startShare, endShare, power: Double?
        }
        let name, schedule: String
        let attributes: Attributes
        let learningRates: [Double]

        func stage(_ name: Substring) throws -> Schedule {
            let a = attributes
            switch name {
            case "stepDecay":
                return .stepDecay(interval: try #require(a.interval), factor: try #require(a.factor))
            case "linear":
                return .linear(startShare: try #require(a.startShare), endShare: try #require(a.endShare))
            case "polynomial": return .polynomial(power: try #require(a.power))
            default:
                try #require(name == "cosine")
                return .cosine()
            }
        }

        /// As `linear`, or `warmUp cosine`.
        func whole() throws -> Schedule {
            let names = schedule.split(separator: " ")
            let last = try stage(try #require(names.last))
            guard names.count == 2 else { return last }
            return .warmUp(
                stepCount: try #require(attributes.warmUpCount),
                startShare: try #require(attributes.startShare), next: last)
        }
    }

    @Test func `schedules give PyTorch's rates`() throws {
        let schedules = try fixture("adaptive", as: Fixture.self).schedules
        #expect(!schedules.isEmpty)
        for expected in schedules {
            let schedule = try expected.whole()
            let rates = expected.learningRates.indices.map {
                schedule.rate(peak: expected.attributes.peak, step: $0, of: expected.attributes.stepCount)
            }
            // PyTorch multiplies step by step, so its last bits differ.
            expectClose(rates, expected.learningRates, within: 1e-12, expected.name)
        }
    }

    @Test func `of no steps all are done, and behind the last the rate stays where it ended`() {
        #expect(Schedule.cosine(endShare: 0.25).rate(peak: 2, step: 0, of: 0) == 0.5)
        #expect(Schedule.cosine(endShare: 0.25).rate(peak: 2, step: 9, of: 6) == 0.5)
        let warmed = Schedule.warmUp(stepCount: 4, next: .cosine(endShare: 0.25))
        #expect(warmed.rate(peak: 2, step: 4, of: 4) == 0.5)
        #expect(warmed.rate(peak: 2, step: 4, of: 2) == 0.5)
        let others: [Schedule] = [
            .constant, .oneCycle(), .stepDecay(interval: 3), .linear(), .polynomial(),
            .warmUp(stepCount: 0, next: .cosine()),
        ]
        for schedule in others {
            #expect(schedule.rate(peak: 2, step: 0, of: 0).isFinite, "\(schedule)")
        }
    }

    @Test func `a warm-up as long as the training ends below the peak, and none changes nothing`() {
        let long = Schedule.warmUp(stepCount: 4, startShare: 0.2, next: .constant)
        expectClose(
            (0..<4).map { long.rate(peak: 1, step: $0, of: 4) }, [0.2, 0.4, 0.6, 0.8], within: 1e-12, "long")
        let none = Schedule.warmUp(stepCount: 0, next: .polynomial())
        for step in 0..<5 {
            #expect(
                none.rate(peak: 1, step: step, of: 5)
                    == Schedule.polynomial().rate(peak: 1, step: step, of: 5))
        }
    }
}
