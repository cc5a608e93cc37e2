import AviaryAutograd
import AviaryTensors
import Testing

struct PassTests {
    @Test func `the cubic of the course outline is 12 at 2 with slope 19`() {
        let pass = Pass(.training)
        let x = pass.input(Tensor(2.0), needsGradient: true)
        let y = x.power(3) + 3 * x.power(2) - 5 * x + 2
        #expect(y.tensor.scalar == 12)
        #expect(y.backward()[x]?.scalar == 19)
    }

    @Test func `a parameter used twice has one gradient, the sum of both`() {
        let weight = Parameter(Tensor([1.0, 2.0], shape: [2]))
        let pass = Pass(.training)
        let y = (pass.use(weight) * pass.use(weight)).sum
        #expect(y.backward()[weight]?.values(as: Double.self) == [2, 4])
    }

    @Test func `nothing is recorded in evaluation or without gradient`() {
        let weight = Parameter(Tensor(3.0))
        let evaluated = Pass(.evaluation).use(weight)
        #expect(evaluated.tensor.scalar == 3 && !evaluated.needsGradient)
        #expect(!(evaluated * evaluated).needsGradient)
        let pass = Pass(.training)
        let constant = pass.withoutGradient { pass.use(weight) * 2 }
        #expect(!constant.needsGradient && pass.use(weight).needsGradient)
        let y = pass.use(weight) * 5 + constant
        #expect(y.backward()[weight]?.scalar == 5)
    }

    @Test func `backward frees every activation`() {
        let weight = Parameter(Tensor(repeating: 1 as Float, shape: [256, 256]))
        func step() -> Int {
            let pass = Pass(.training)
            var y = pass.input(Tensor(repeating: 1 as Float, shape: [256, 256]))
            for _ in 0..<4 { y = relu(y.product(pass.use(weight))) }
            let loss = y.mean
            _ = loss.backward()
            return MemoryCache.shared.liveByteCount
        }
        let (first, later) = (step(), (0..<20).map { _ in step() }.max() ?? 0)
        // Other tests run beside this one: what 20 leaking steps hold is far more, 20 MiB.
        #expect(later <= first + 256 * 256 * 4 * 16)
    }

    @Test func `a pass that never goes back is freed with its activations`() {
        let weight = Parameter(Tensor(repeating: 1 as Float, shape: [4, 4]))
        weak var seen: Pass?
        do {
            let pass = Pass(.training)
            seen = pass
            let x = pass.input(.zeros([4, 4]))
            _ = relu(x.product(pass.use(weight)))
            _ = linear(x, weight: pass.use(weight), bias: pass.use(weight).sum(over: [0]))
            let image = (x * pass.use(weight)).reshaped([1, 1, 4, 4])
            let kernel = pass.use(weight).reshaped([1, 1, 4, 4])
            _ = convolution(image, weight: kernel, bias: pass.use(weight).sum.reshaped([1]))
            _ = scaledDotProductAttention(image, image, image, dropout: 0.5)
            _ = einsum("nchw,nchv->wv", image, kernel).sum
            #expect(seen != nil)
        }
        #expect(seen == nil)
    }

    @Test func `a pullback that gives too few gradients stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            let (a, b) = (pass.input(Tensor(1.0), needsGradient: true), pass.input(Tensor(2.0)))
            _ = pass.record(Tensor(3.0), from: [a, b]) { [$0] }.backward()
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("backward: an operation of 2 inputs gave 1 gradients"), "\(text)")
    }

    @Test func `a gradient of another shape than the output stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            let x = relu(pass.input(.zeros([2, 3]), needsGradient: true))
            _ = pass.record(Tensor(Float(1)), from: [x]) { _ in [.zeros([2])] }.backward()
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("backward: shapes [2, 3] and [2] do not fit"), "\(text)")
    }

    @Test func `backward twice stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let pass = Pass(.training)
            let y = pass.input(Tensor(2.0), needsGradient: true) * 2
            _ = y.backward()
            _ = y.backward()
        }
    }

    @Test func `shapes that do not fit stop the program and are named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = pass.input(.zeros([2, 3])) + pass.input(.zeros([4, 3]))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("add: shapes [2, 3] and [4, 3] do not fit"))
    }
}
