import AviaryKernels
import AviaryTensors
import AviaryTestSupport
import Testing

struct RandomStreamTests {
    typealias Block = (UInt32, UInt32, UInt32, UInt32)

    /// Random123's `kat_vectors`, the lines of philox4x32 with 10 rounds.
    @Test func `Philox gives the published answers`() {
        let all = UInt32.max
        let answers: [(counter: Block, key: (UInt32, UInt32), block: Block)] = [
            ((0, 0, 0, 0), (0, 0), (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
            ((all, all, all, all), (all, all), (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)),
            (
                (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), (0xA409_3822, 0x299F_31D0),
                (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
            ),
        ]
        for answer in answers { #expect(philox(answer.counter, answer.key) == answer.block) }
    }

    private var example: RandomStream { RandomStream(seed: 1, name: "example", 2, 3) }

    /// What runs and checkpoints of earlier versions drew; computed once by a program that is not this one.
    @Test func `draws never change`() {
        var bits = example
        #expect(
            (0..<4).map { _ in bits.next() } == [
                0x026F_3C43_380D_CB97, 0x8905_8A56_4126_FE54, 0xC10E_09A6_A37C_1D08, 0x86DA_151C_FFA7_610B,
            ])
        var stream = example
        let uniform = stream.uniformTensor([4], bound: 0.5).values(as: Float.self)
        #expect(uniform.map(\.bitPattern) == [0xBEFB_2187, 0x3D10_58A5, 0x3E82_1C13, 0x3CDB_42A4])
        var normal = example
        let numbers = normal.normalTensor([3], deviation: 2).doubles
        let expected = [-0.1348661952683836, -1.6514295927260476, -0.28804730131360323].map { 2 * $0 }
        expectClose(numbers, expected, within: 1e-7, "normal numbers")
        var order = example
        #expect(order.permutation(8) == [0, 4, 6, 5, 7, 3, 1, 2])
    }

    @Test func `any draw can be had at once`() {
        var stream = example
        let drawn = (0..<9).map { _ in stream.next() }
        #expect(stream.position == 9)
        for position in [0, 1, 2, 5, 8] {
            var other = example.skipped(to: position)
            #expect(other.position == position)
            #expect(other.next() == drawn[position])
        }
        stream.skip(to: 3)
        #expect((3..<9).map { _ in stream.next() } == Array(drawn[3...]))
    }

    @Test func `seed, name and counters each name another stream`() {
        let streams = [
            example, RandomStream(seed: 2, name: "example", 2, 3), RandomStream(seed: 1, name: "other", 2, 3),
            RandomStream(seed: 1, name: "example", 3, 3), RandomStream(seed: 1, name: "example", 2, 4),
        ]
        let first = streams.map { stream in
            var copy = stream
            return copy.next()
        }
        #expect(Set(first).count == streams.count)
    }

    /// 20,001 elements are more than one thread's share; an odd start is in the middle of a block.
    @Test(arguments: [0, 1]) func `tensors are the same for any number of threads`(start: Int) {
        func drawn() -> ([[Double]], Int) {
            var stream = example.skipped(to: start)
            let tensors = [
                stream.uniformTensor([20_001], bound: 1), stream.normalTensor([3, 6667], deviation: 2),
                stream.truncatedNormalTensor([20_001]), stream.bernoulliTensor([20_001], probability: 0.3),
                stream.integerTensor([20_001], below: 1000),
            ]
            let rule = DropoutRule(probability: 0.4, stream: example.skipped(to: start))
            let dropped = [DType.f32, .f64].map {
                Tensor.filled([20_001], with: 1, dtype: $0).droppingOut(by: rule)
            }
            return ((tensors + dropped).map { $0.cast(to: .f64).doubles }, stream.position)
        }
        let one = Parallel.withThreadCount(1) { drawn() }
        for threads in [2, 3] {
            let several = Parallel.withThreadCount(threads) { drawn() }
            #expect(several.0 == one.0)
            #expect(several.1 == one.1)
        }
        #expect(one.1 == start + 6 * 20_001)
    }

    @Test func `a tensor holds what single draws would give`() {
        var (tensors, single) = (example, example)
        #expect(
            tensors.normalTensor([5], deviation: 1).values(as: Float.self)
                == (0..<5).map { _ in Float(single.normal()) })
        #expect(
            tensors.integerTensor([2, 3], below: 7).values(as: Int64.self)
                == (0..<6).map { _ in Int64(single.integer(below: 7)) })
        #expect(
            tensors.bernoulliTensor([7], probability: 0.5).values(as: Bool.self)
                == (0..<7).map { _ in single.bernoulli(0.5) })
        #expect(tensors.uniformTensor([0, 3], bound: 1).count == 0)
        #expect(tensors.next() == single.next())
    }

    @Test(arguments: [0, 1], [0.0, 0.3, 0.75, 1])
    func `an element is dropped if half a draw, that of its place, says so`(start: Int, probability: Double) {
        let stream = example.skipped(to: start)
        var single = stream
        let words = (0..<354).flatMap { _ in
            let draw = single.next()
            return [draw & 0xFFFF_FFFF, draw >> 32]
        }
        let kept = probability < 1 ? 1 / (1 - probability) : 0
        let expected = words.prefix(707).map { Double($0) < (probability * 0x1p32).rounded(.down) ? 0 : kept }
        let rule = DropoutRule(probability: probability, stream: stream)
        let ones = Tensor(repeating: 1 as Float, shape: [7, 101])
        for kind in [DType.f32, .f64, .bf16, .f16] {
            let rounded = Tensor(expected, shape: [7, 101]).cast(to: .f32).cast(to: kind)
            let found = ones.cast(to: kind).droppingOut(by: rule)
            #expect(found.dtype == kind && found.shape == [7, 101])
            #expect(found.doubles == (kind == .f64 ? expected : rounded.doubles), "\(kind)")
        }
    }

    @Test func `more elements than a stream has words stop the program`() async throws {
        let last = RandomStream(seed: 1, name: "dropout").skipped(to: 1 << 33 - 2)
        let four = Tensor(repeating: 1 as Float, shape: [4])
        #expect(four.droppingOut(by: DropoutRule(probability: 0, stream: last)).doubles == [1, 1, 1, 1])
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let stream = RandomStream(seed: 1, name: "dropout").skipped(to: 1 << 33 - 2)
            _ = Tensor.zeros([5]).droppingOut(by: DropoutRule(probability: 0.5, stream: stream))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("random stream: takes a draw below 2³³"))
    }

    /// The seed is fixed; the bounds are five deviations wide all the same.
    @Test func `uniform numbers are evenly spread`() {
        var stream = RandomStream(seed: 11, name: "uniform")
        let count = 100_000
        let numbers = (0..<count).map { _ in stream.uniform() }
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        let mean = numbers.reduce(0, +) / Double(count)
        #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / Double(count)).squareRoot())
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        #expect(abs(variance - 1.0 / 12) < 5 * (1.0 / 180 / Double(count)).squareRoot())
        var bins = [Double](repeating: 0, count: 100)
        for number in numbers { bins[Int(number * 100)] += 1 }
        let expected = Double(count) / 100
        let chiSquare = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        // 99 degrees of freedom: mean 99, deviation √198.
        #expect(abs(chiSquare - 99) < 5 * 198.0.squareRoot())
    }

    @Test func `whole numbers and truth values have their shares`() {
        var stream = RandomStream(seed: 12, name: "shares")
        let dice = stream.integerTensor([60_000], below: 6).values(as: Int64.self)
        for face in 0..<6 as Range<Int64> {
            let share = dice.filter { $0 == face }.count
            // Deviation √(60,000 · 5 / 36) = 91.
            #expect(abs(share - 10_000) < 456)
        }
        #expect(dice.allSatisfy { (0..<6).contains($0) })
        let truths = stream.bernoulliTensor([60_000], probability: 0.25)
        #expect(truths.dtype == .bool)
        // Deviation √(60,000 · 3 / 16) = 106.
        #expect(abs(truths.values(as: Bool.self).filter { $0 }.count - 15_000) < 530)
        #expect(!stream.bernoulli(0) && stream.bernoulli(1))
    }

    @Test func `normal numbers have mean 0 and deviation 1`() {
        var stream = RandomStream(seed: 13, name: "normal")
        let numbers = stream.normalTensor([50_000], deviation: 1).doubles
        let mean = numbers.reduce(0, +) / 50_000
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50_000
        #expect(abs(mean) < 5 / 50_000.0.squareRoot())
        #expect(abs(variance - 1) < 5 * (2 / 50_000.0).squareRoot())
    }

    /// Between -2 and 2 deviations a normal distribution has the variance 1 - 4 φ(2) / (Φ(2) - Φ(-2)) = 0.7737.
    @Test func `truncated normal numbers keep to their bounds and have the cut distribution's moments`() {
        var stream = RandomStream(seed: 14, name: "truncated")
        let numbers = stream.truncatedNormalTensor([50_000], mean: 1, deviation: 0.5, in: 0...2).doubles
        #expect(numbers.allSatisfy { (0...2).contains($0) })
        let mean = numbers.reduce(0, +) / 50_000
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50_000
        #expect(abs(mean - 1) < 5 * 0.5 * (0.7737 / 50_000).squareRoot())
        #expect(abs(variance - 0.25 * 0.7737) < 0.005)
        // Of a tail, all beyond 3 deviations: its mean is φ(3) / (1 - Φ(3)) = 3.2831.
        let tail = stream.truncatedNormalTensor([20_000], in: 3...8).doubles
        #expect(tail.allSatisfy { (3...8).contains($0) })
        #expect(abs(tail.reduce(0, +) / 20_000 - 3.2831) < 0.01)
    }

    @Test func `bounds in which nothing lies stop the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 1, name: "truncated")
            _ = stream.truncatedNormal(in: 20...30)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("truncated normal: nothing of mean 0.0, deviation 1.0 lies in 20.0...30.0"))
    }

    @Test func `a bound of 0 stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var stream = RandomStream(seed: 1, name: "integers")
            _ = stream.integer(below: 0)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("random integer: takes a bound above 0, given was 0"))
    }
}
