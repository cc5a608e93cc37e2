import AviaryAutograd
import AviaryTraining
import Foundation

extension TrainingProfile {
    /// The profile as `aviary profile --json` prints it and a run keeps it; `web/text/profile.js` reads it.
    ///
    /// Whole numbers of nanoseconds, operations and bytes: the rows of a layer or of an operation add up to its own.
    var json: [String: Any] {
        [
            "version": 1, "steps": stepCount, "warmUpSteps": warmUpCount,
            "limit": [
                "f32FlopsPerSecond": limit.f32FlopRate, "bf16FlopsPerSecond": limit.bf16FlopRate,
                "bytesPerSecond": limit.byteRate,
            ],
            "step": ["nanoseconds": stepNanoseconds, "leastNanoseconds": leastStepNanoseconds],
            "rows": rows.map(\.json), "operations": operations.map(\.json), "layers": layers.map(\.json),
        ]
    }
}

extension TrainingProfile.Row {
    fileprivate var json: [String: Any] {
        figures.json.merging([
            "operation": operation, "layer": layer, "kind": kind ?? NSNull(), "phase": phase.rawValue,
            "precision": "\(precision)", "share": share,
        ]) { own, _ in own }
    }
}

extension TrainingProfile.Group {
    fileprivate var json: [String: Any] {
        figures.json.merging([
            "name": name, "kind": kind ?? NSNull(), "forwardNanoseconds": forwardNanoseconds,
            "backwardNanoseconds": backwardNanoseconds, "share": share,
        ]) { own, _ in own }
    }
}

extension StepProfile.Figures {
    fileprivate var json: [String: Any] {
        [
            "calls": callCount, "nanoseconds": nanoseconds, "flops": flopCount, "bytes": byteCount,
            "reorders": reorderCount, "flopsPerSecond": flopRate,
        ]
    }

    /// Floating-point operations of products a second.
    var flopRate: Double { nanoseconds > 0 ? 1e9 * Double(flopCount) / Double(nanoseconds) : 0 }
}
