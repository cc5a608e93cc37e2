import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Indices may be int64 or int32, wherever they lie, and a mistake in them names the operation.
struct IndexKindTests {
    typealias Operation = @Sendable (_ x: Variable, _ indices: Tensor) -> Variable

    /// On a table `[4, 3]` with two indices.
    private static let operations: [(name: String, apply: Operation)] = [
        ("embedding", { embedding($1, weight: $0) }),
        ("gather", { $0.gather(axis: 0, indices: $1.reshaped([2, 1])) }),
        ("index select", { $0.indexSelect(axis: 0, indices: $1) }),
        (
            "scatter",
            {
                $0.scatter(
                    axis: 0, indices: $1.reshaped([2, 1]), source: $0.sliced([.range(0..<2), .range(0..<1)]))
            }
        ),
        (
            "scatter add",
            {
                $0.scatterAdd(
                    axis: 0, indices: $1.reshaped([2, 1]), source: $0.sliced([.range(0..<2), .range(0..<1)]))
            }
        ),
        ("one-hot", { x, indices in x.pass.input(indices.oneHot(classes: 4)).product(x) }),
    ]

    private func results(_ apply: Operation, _ indices: Tensor) throws -> [[Double]] {
        let pass = Pass(.training)
        let table = Tensor((0..<12).map { Float($0) - 5 }, shape: [4, 3])
        let x = pass.input(table, needsGradient: true)
        let y = apply(x, indices)
        let upstream = Tensor((0..<y.shape.product).map { Float($0) + 1 }, shape: y.shape)
        return [y.tensor.doubles, try #require(y.backward(from: upstream)[x]).doubles]
    }

    @Test(arguments: operations.indices) func `both kinds are the same indices`(index: Int) throws {
        let (name, apply) = Self.operations[index]
        let expected = try results(apply, Tensor([3, 1] as [Int64], shape: [2]))
        let narrow = Tensor([3, 1] as [Int32], shape: [2])
        let apart = Tensor([3, 9, 1, 9] as [Int32], shape: [2, 2])
        let view = Pass(.evaluation).input(apart).sliced(0..<1, along: 1).squeezed(1).tensor
        #expect(try results(apply, narrow) == expected, "\(name)")
        #expect(try results(apply, view) == expected, "\(name), a view")
    }

    @Test(arguments: operations.indices) func `another kind stops the program`(index: Int) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            let x = Pass(.training).input(.zeros([4, 3]))
            _ = IndexKindTests.operations[index].apply(x, .zeros([2], dtype: .uint8))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        let name = Self.operations[index].name
        #expect(text.contains(": \(name)'s indices: takes int64, int32, given was uint8"), "\(text)")
    }

    @Test(arguments: operations.indices) func `an index that is not there stops the program`(
        index: Int
    ) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            let x = Pass(.training).input(.zeros([4, 3]))
            _ = IndexKindTests.operations[index].apply(x, Tensor([0, -1] as [Int32], shape: [2]))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(": \(Self.operations[index].name): index -1 "), "\(text)")
    }
}
