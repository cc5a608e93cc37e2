import AviaryAutograd
package import AviaryLayers
package import AviaryOptimizers
package import AviaryTensors

/// All that moves while a training runs, beside the model's own numbers: what a checkpoint keeps.
///
/// Random streams and the loader's order are functions of the seed and the step, so `step` stands for them.
package struct TrainingState {
    package let model: any Module
    package let optimizer: any Optimizer
    /// The weights' moving average; `nil` where none is kept.
    package internal(set) var average: MovingAverage?
    /// The peak of the learning rate; `nil` where it stays.
    package internal(set) var plateau: Plateau?
    /// `nil` where the loss is not scaled.
    package internal(set) var lossScale: LossScale?
    /// Steps done, the skipped ones included.
    package internal(set) var step = 0
    /// The last step of every series that was recorded.
    var lastSteps: [String: Int64] = [:]
    var best: BestEpoch?
    /// Which kernels it is computed with.
    let kernels: KernelRecord

    /// Where a training of `model` begins.
    package init(_ model: any Module, plan: TrainingPlan, kernels: KernelRecord = KernelRecord()) {
        self.model = model
        self.kernels = kernels
        optimizer = plan.optimizer.optimizer(of: model.parameters)
        average = plan.averageDecay.map { MovingAverage(of: model.namedParameters, decay: $0) }
        plateau = plan.plateau?.plateau(rate: plan.learningRate)
        lossScale = plan.precision.lossScale
    }

    /// The learning rate of the next step.
    package func learningRate(_ plan: TrainingPlan, of stepCount: Int) -> Double {
        plan.schedule.rate(peak: plateau?.rate ?? plan.learningRate, step: step, of: stepCount)
    }

    /// The state that is evaluated and published: the averages, where there are any, in the place of the weights.
    package var published: [String: Tensor] {
        let live = model.stateDictionary()
        return average?.replacingParameters(in: live) ?? live
    }
}

/// The epoch that the validation images liked best so far, with the weights and statistics it ended with.
struct BestEpoch {
    /// Counted from 1.
    let epoch: Int
    let accuracy: Double
    let state: [String: Tensor]
}

extension Module {
    /// The parameters by their paths; one that is reached twice has both.
    var namedParameters: [String: Parameter] {
        var named: [String: Parameter] = [:]
        for entry in state { named[entry.key] = entry.parameter }
        return named
    }

    /// Every buffer, in the order of the state.
    var buffers: [Buffer] {
        state.compactMap { entry in
            if case .buffer(let buffer) = entry.holder { buffer } else { nil }
        }
    }
}
