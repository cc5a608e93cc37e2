import AviaryOptimizers
import AviaryTestSupport
import Foundation
import Testing

/// The plateau's rates against PyTorch (`Tests/Oracles/optimizers.py`).
struct PlateauTests {
    private struct Fixture: Decodable {
        let plateaus: [Observed]
    }

    private struct Observed: Decodable {
        struct Attributes: Decodable {
            let aim: Plateau.Aim
            let start, factor, threshold, minimum: Double
            let patience, cooldown: Int
            let isAbsolute: Bool
        }
        let name: String
        let attributes: Attributes
        let metrics, learningRates: [Double]

        var plateau: Plateau {
            let a = attributes
            return Plateau(
                rate: a.start, aim: a.aim, factor: a.factor, patience: a.patience,
                threshold: a.isAbsolute ? .absolute(a.threshold) : .relative(a.threshold),
                cooldown: a.cooldown, minimumRate: a.minimum)
        }
    }

    @Test func `a plateau gives PyTorch's rates, also when it is put away between epochs`() throws {
        let plateaus = try fixture("adaptive", as: Fixture.self).plateaus
        #expect(!plateaus.isEmpty)
        for expected in plateaus {
            var (plateau, kept) = (expected.plateau, expected.plateau)
            for (epoch, (metric, rate)) in zip(expected.metrics, expected.learningRates).enumerated() {
                plateau.observe(metric)
                kept = try JSONDecoder().decode(Plateau.self, from: JSONEncoder().encode(kept))
                kept.observe(metric)
                let what = "\(expected.name), epoch \(epoch)"
                expectClose([plateau.rate], [rate], within: 1e-12, what)
                #expect(kept == plateau, "\(what)")
            }
        }
    }

    @Test func `NaN is no better than anything`() {
        var plateau = Plateau(rate: 1, factor: 0.5, patience: 1)
        plateau.observe(.nan)
        #expect(plateau.rate == 1 && plateau.best == nil)
        plateau.observe(.nan)
        #expect(plateau.rate == 0.5 && plateau.best == nil)
    }
}
