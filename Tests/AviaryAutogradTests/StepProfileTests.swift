import AviaryAutograd
import AviaryTensors
import Testing

/// What a pass notes of its operations, by parameters: paths are those of `AviaryLayers`.
struct StepProfileTests {
    /// The figures of an operation in one phase; `nil` where it has no row or several.
    private func figures(
        _ operation: String, _ phase: StepProfile.Phase, in profile: StepProfile
    ) -> StepProfile.Figures? {
        let rows = profile.rows.filter { $0.operation == operation && $0.phase == phase }
        return rows.count == 1 ? rows[0].figures : nil
    }

    private func pass(_ profile: StepProfile, autocast: Autocast? = nil) -> Pass {
        let pass = Pass(.training, autocast: autocast)
        pass.keep(profile)
        return pass
    }

    private func random(_ shape: [Int]) -> Tensor {
        var stream = RandomStream(seed: 1, name: "profile")
        return stream.uniformTensor(shape, bound: 1)
    }

    @Test(arguments: [false, true])
    func `a linear layer has its products and its bytes, the way back as many for each gradient`(
        inputNeedsGradient: Bool
    ) throws {
        let (weight, bias) = (Parameter(random([5, 4])), Parameter(random([5])))
        let profile = StepProfile()
        let pass = pass(profile)
        let x = pass.input(random([3, 4]), needsGradient: inputNeedsGradient)
        let y = linear(x, weight: pass.use(weight), bias: pass.use(bias))
        _ = y.backward(from: random([3, 5]))
        profile.finish()
        let forward = try #require(figures("linear", .forward, in: profile))
        #expect(forward.callCount == 1 && forward.flopCount == 2 * 3 * 4 * 5)
        #expect(forward.byteCount == 4 * (12 + 20 + 5 + 15))
        let backward = try #require(figures("linear", .backward, in: profile))
        #expect(backward.callCount == 1)
        #expect(backward.flopCount == (inputNeedsGradient ? 2 : 1) * 2 * 3 * 4 * 5)
        // The upstream gradient and the operands, and what is made: weight, bias, and the input where it asks.
        let made = 20 + 5 + (inputNeedsGradient ? 12 : 0)
        #expect(backward.byteCount == 4 * (15 + 12 + 20 + 5 + made))
        for row in profile.rows where row.operation == "linear" {
            #expect(
                [ObjectIdentifier(weight), ObjectIdentifier(bias)].map { .layer(of: $0) }.contains(row.place))
        }
    }

    @Test func `a convolution has a sum over its weights for each number that it makes`() throws {
        let weight = Parameter(random([6, 2, 3, 3]))
        let profile = StepProfile()
        let pass = pass(profile)
        let x = pass.input(random([2, 4, 8, 6]), needsGradient: true)
        let y = convolution(x, weight: pass.use(weight), stride: 2, padding: 1, groups: 2)
        #expect(y.shape == [2, 6, 4, 3])
        _ = y.backward(from: random(y.shape))
        #expect(figures("convolution", .forward, in: profile)?.flopCount == 2 * (2 * 6 * 4 * 3) * (2 * 3 * 3))
        #expect(
            figures("convolution", .backward, in: profile)?.flopCount == 4 * (2 * 6 * 4 * 3) * (2 * 3 * 3))
    }

    @Test func `what an operation does within itself is part of it, casts for two bytes too`() throws {
        let weight = Parameter(random([5, 4]))
        let profile = StepProfile()
        let pass = pass(profile, autocast: .standard(.bf16))
        let x = pass.input(random([3, 4]), needsGradient: true)
        let y = linear(x, weight: pass.use(weight), bias: nil)
        #expect(y.tensor.dtype == .bf16)
        _ = y.backward(from: random([3, 5]).cast(to: .bf16))
        #expect(profile.rows.map(\.operation) == ["linear", "linear"])
        #expect(profile.rows.map(\.phase) == [.forward, .backward])
        #expect(profile.rows.map(\.figures.callCount) == [1, 1])
        #expect(profile.rows.map(\.figures.flopCount) == [2 * 60, 4 * 60])
    }

    @Test func `an operation without a parameter belongs with the one before it, a frozen parameter counts`()
    {
        let (first, frozen) = (Parameter(random([4, 4])), Parameter(random([4, 4])))
        frozen.isFrozen = true
        let profile = StepProfile()
        let pass = pass(profile)
        let x = pass.input(random([2, 2, 2])).flattened
        let y = relu(linear(x, weight: pass.use(first), bias: nil))
        _ = sigmoid(linear(y, weight: pass.use(frozen).sliced(0..<2, along: 0), bias: nil))
        let places = Dictionary(
            grouping: profile.rows.filter { $0.phase == .forward }, by: \.place
        ).mapValues { $0.map(\.operation) }
        #expect(
            places == [
                .part(.input): ["reshaped"], .layer(of: ObjectIdentifier(first)): ["linear", "relu"],
                .layer(of: ObjectIdentifier(frozen)): ["sliced", "linear", "sigmoid"],
            ])
    }

    @Test func `what is made of one parameter alone stands for it`() {
        let (table, scale) = (Parameter(random([4, 4])), Parameter(random([4])))
        let profile = StepProfile()
        let pass = pass(profile)
        let rows = embedding(Tensor([1, 3] as [Int64], shape: [2]), weight: pass.use(table))
        _ = rows * pass.use(scale) + rows
        let places = profile.rows.filter { $0.operation == "multiply" || $0.operation == "add" }.map(\.place)
        #expect(
            places == [
                .layer(of: ObjectIdentifier(scale)), .layer(of: ObjectIdentifier(table)),
            ])
    }

    @Test func `a view moves no bytes`() {
        let profile = StepProfile()
        let pass = pass(profile)
        let x = pass.input(random([4, 6]), needsGradient: true)
        _ = x.reshaped([6, 4]).backward(from: random([6, 4]))
        #expect(profile.rows.map(\.operation) == ["reshaped", "reshaped"])
        #expect(profile.rows.map(\.figures.byteCount) == [0, 0])
    }

    @Test func `rows add up to the step, what lies between them has a row of its own`() throws {
        let weight = Parameter(random([64, 64]))
        let buffer = Buffer(random([64]))
        let profile = StepProfile()
        let pass = pass(profile)
        var y = pass.input(random([64, 64]))
        for _ in 0..<3 {
            y = pass.arithmetic("outer", on: [y]) { inputs in
                pass.update(buffer) { $0.scaled(by: 2) }
                return relu(inputs[0].product(pass.use(weight)))
            }
        }
        let loss = profile.placing(in: .loss) { y.mean }
        _ = loss.backward()
        pass.applyBufferUpdates()
        profile.measure("optimizer step", in: .optimizer, .update, byteCount: 7) {}
        profile.finish()
        #expect(profile.rows.reduce(0) { $0 + $1.figures.nanoseconds } == profile.nanoseconds)
        #expect(profile.rows.allSatisfy { $0.figures.nanoseconds >= 0 })
        #expect(figures("outer", .forward, in: profile)?.callCount == 3)
        #expect(figures("outer", .backward, in: profile)?.callCount == 3)
        #expect(figures("buffer update", .update, in: profile)?.callCount == 4)
        #expect(figures("optimizer step", .update, in: profile)?.byteCount == 7)
        #expect(profile.rows.last?.place == .part(.rest))
        let lossRows = profile.rows.filter { $0.place == .part(.loss) }
        #expect(Set(lossRows.map(\.phase)) == [.forward, .backward])
    }

    // In a process of its own: other tests reorder tensors beside it.
    @Test func `reorders are those of the operation that asked for them`() async {
        await #expect(processExitsWith: .success) {
            let blocked = Tensor(repeating: 1 as Float, shape: [1, 16, 4, 4]).channelBlocked
            let profile = StepProfile()
            let pass = Pass(.training)
            pass.keep(profile)
            let x = pass.input(blocked)
            _ = relu(x)
            let before = Reorders.count
            let flat = x.flattened
            let made = Reorders.count - before
            profile.finish()
            let counts = profile.rows.map(\.figures.reorderCount)
            guard flat.shape == [1, 256], made == 1,
                profile.rows.map(\.operation).prefix(2) == ["relu", "reshaped"],
                counts[0] == 0, counts[1] == 1, counts.reduce(0, +) == 1
            else { fatalError("\(made) reorders; \(profile.rows)") }
        }
    }

    @Test func `results are the same bytes with a profile and without`() {
        func gradients(_ profile: StepProfile?) -> [[Float]] {
            let (weight, kernel) = (Parameter(random([3, 32])), Parameter(random([2, 1, 3, 3])))
            let pass = Pass(.training, seed: 4)
            if let profile { pass.keep(profile) }
            let images = pass.input(random([2, 1, 4, 4]))
            let y = dropout(relu(convolution(images, weight: pass.use(kernel), padding: 1)), probability: 0.3)
            let logits = linear(y.flattened, weight: pass.use(weight), bias: nil)
            let loss = softmaxCrossEntropy(logits, labels: Tensor([0, 2] as [Int64], shape: [2]))
            let found = loss.backward()
            return [weight, kernel].map { found[$0]?.values(as: Float.self) ?? [] }
        }
        let plain = gradients(nil)
        #expect(gradients(StepProfile()) == plain && plain.allSatisfy { !$0.isEmpty })
    }
}
