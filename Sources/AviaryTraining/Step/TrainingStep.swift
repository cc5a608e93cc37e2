package import AviaryAutograd
package import AviaryLayers
import AviaryOptimizers
import AviaryTensors

/// One step of a training, whatever its task: forward and backward over a window, then clipping and the optimizer.
///
/// The gradient is that of the mean loss over all elements of the window: with micro-batches of `mᵢ` elements and mean
/// losses `Lᵢ`, that of `Σ mᵢ Lᵢ / Σ mᵢ`, as if they were one batch. (A batch norm still sees each by itself.) A
/// micro-batch of no elements, a text without a masked token say, has no mean: it is left out. A window of such ones
/// takes no step, and the training goes on behind it.
///
/// With a loss scale the loss is multiplied by it before backward, and the gradients are divided by it before they are
/// clipped. Where one of them is not finite the step is skipped: parameters, optimizer (its count of steps too), moving
/// average and running statistics stay as they were before it. The training's own step goes on, and with it the data,
/// the random streams and the schedule, so that the schedule ends where the data does. In PyTorch `GradScaler.step`
/// leaves out the optimizer alike, but running statistics have moved, and a schedule moves if its caller says so. A
/// loss that is not finite before it is scaled is no matter of the scale: it stops the training as it does without one.
package struct TrainingStep {
    private let plan: TrainingPlan
    // Asked once: the model is walked for them.
    private let parameters: [Parameter]
    private let buffers: [Buffer]

    /// Steps of a plan over a model.
    package init(_ plan: TrainingPlan, model: any Module) {
        self.plan = plan
        (parameters, buffers) = (model.parameters, model.buffers)
    }

    /// Makes the step that `state` is at.
    ///
    /// Throws a `Divergence`, and changes no parameter, where the loss is not finite, or with a loss scale where
    /// gradients are not and the scale cannot fall. Where there is a `profile`, it is told where the time goes.
    package func run(
        _ window: StepWindow, on state: inout TrainingState, rate: Double, profile: StepProfile? = nil
    ) throws -> StepOutcome {
        guard window.count > 0 else {
            state.step += 1
            return StepOutcome(loss: nil, isSkipped: false)
        }
        guard state.lossScale != nil else {
            let (loss, gradients) = try descent(window, step: state.step, scale: 1, profile)
            take(gradients, on: &state, rate: rate, profile)
            return StepOutcome(loss: loss, isSkipped: false)
        }
        return try scaledRun(window, on: &state, rate: rate, profile)
    }

    private func scaledRun(
        _ window: StepWindow, on state: inout TrainingState, rate: Double, _ profile: StepProfile?
    ) throws -> StepOutcome {
        let statistics = buffers.map(\.value)
        let scale = state.lossScale?.value ?? 1
        let (loss, gradients) = try descent(window, step: state.step, scale: scale, profile)
        let norm = profile.measure("norm of the gradients", in: .clipping, .update) {
            gradientNorm(gradients, of: parameters)
        }
        if norm.isFinite {
            state.lossScale?.noteGoodStep()
            let unscaled = profile.measure("loss scale", in: .clipping, .update) {
                gradients.scaled(by: 1 / scale)
            }
            take(unscaled, on: &state, rate: rate, profile)
            return StepOutcome(loss: loss, isSkipped: false)
        }
        for (buffer, value) in zip(buffers, statistics) { buffer.value = value }
        do {
            try state.lossScale?.noteSkippedStep()
        } catch {
            throw Divergence.gradients(error)
        }
        state.step += 1
        return StepOutcome(loss: loss, isSkipped: true)
    }

    /// The window's loss and its gradients times `scale`; throws at the first loss that is not finite.
    private func descent(
        _ window: StepWindow, step: Int, scale: Double, _ profile: StepProfile?
    ) throws -> (loss: Double, gradients: Gradients) {
        var (loss, sum) = (0.0, Gradients?.none)
        // An index names a micro-batch's streams, also where one before it is empty.
        for (index, count) in window.counts.enumerated() where count > 0 {
            let pass = Pass(
                .training, seed: plan.seed, step: UInt32(step), microStep: UInt32(index),
                autocast: plan.precision.autocast)
            if let profile { pass.keep(profile) }
            let part = try window.loss(index, pass)
            let value = part.tensor.scalar
            guard value.isFinite else { throw Divergence.loss(value) }
            let share = Double(count) / Double(window.count)
            let gradients = part.backward(times: scale * share)
            if let before = sum {
                sum = profile.measure("sum of the gradients", in: .accumulation, .update) {
                    before.adding(gradients)
                }
            } else {
                sum = gradients
            }
            loss += value * share
            // Before the next pass: it reads the running statistics.
            pass.applyBufferUpdates()
        }
        guard let sum else { fatalError("training step: a window of no micro-batches has no gradients") }
        return (loss, sum)
    }

    /// Clips, steps, and lets the average follow.
    private func take(
        _ gradients: Gradients, on state: inout TrainingState, rate: Double, _ profile: StepProfile?
    ) {
        var gradients = gradients
        if let maximum = plan.maximumGradient {
            gradients = profile.measure("clipping by value", in: .clipping, .update) {
                clippedByValue(gradients, of: parameters, maximum: maximum)
            }
        }
        var factor = 1.0
        if let maximum = plan.maximumGradientNorm {
            factor = profile.measure("norm of the gradients", in: .clipping, .update) {
                clippingFactor(gradients, of: parameters, maximumNorm: maximum)
            }
        }
        let optimizer = state.optimizer
        profile.measure(
            "optimizer step", in: .optimizer, .update, byteCount: optimizer.byteTraffic(of: gradients)
        ) { optimizer.step(gradients, rate: rate, gradientScale: factor) }
        if state.average != nil {
            profile.measure("moving average", in: .average, .update) { state.average?.update() }
        }
        state.step += 1
    }
}

extension Variable {
    /// The gradients of this scalar times `factor`.
    fileprivate func backward(times factor: Double) -> Gradients {
        let isDouble = tensor.dtype == .f64
        return backward(
            from: isDouble
                ? Tensor(repeating: factor, shape: shape) : Tensor(repeating: Float(factor), shape: shape))
    }
}
