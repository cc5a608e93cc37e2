import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Where a gradient stays rows of a table and where it becomes dense.
struct SparseGradientTests {
    private let table = Parameter(Tensor((0..<10).map(Double.init), shape: [5, 2]))
    private let ids = Tensor([3, 0, 3 as Int64], shape: [3])
    private let upstream = Tensor([1, 2, 3, 4, 5, 6.0], shape: [3, 2])

    private func loss(_ pass: Pass, isSparse: Bool, paddingIndex: Int? = nil) -> Variable {
        let rows = embedding(
            ids, weight: pass.use(table), paddingIndex: paddingIndex, isSparse: isSparse)
        return (rows * pass.input(upstream)).sum
    }

    private func rows(_ gradients: Gradients) -> RowGradient? {
        guard case .rows(let rows) = gradients.gradient(by: table) else { return nil }
        return rows
    }

    @Test func `a sparse embedding gives a parameter rows, with the numbers of the dense one`() throws {
        for paddingIndex in [nil, 0] {
            let sparse = loss(Pass(.training), isSparse: true, paddingIndex: paddingIndex).backward()
            let dense = loss(Pass(.training), isSparse: false, paddingIndex: paddingIndex).backward()
            let found = try #require(rows(sparse))
            #expect(found.rows == (paddingIndex == 0 ? [3] : [0, 3]))
            #expect(rows(dense) == nil)
            #expect(sparse[table]?.shape == [5, 2])
            #expect(sparse[table]?.doubles == dense[table]?.doubles)
        }
    }

    @Test func `looked up twice, the rows are those of both`() throws {
        let pass = Pass(.training)
        let other = Tensor([4, 3 as Int64], shape: [2])
        let more = embedding(other, weight: pass.use(table), isSparse: true).sum
        let gradients = (loss(pass, isSparse: true) + more).backward()
        let found = try #require(rows(gradients))
        #expect(found.rows == [0, 3, 4])
        #expect(found.values.doubles == [3, 4, 7, 9, 1, 1])
    }

    @Test func `beside a dense gradient it becomes dense, whichever comes first`() {
        for isFirst in [true, false] {
            let pass = Pass(.training)
            let tied = { (pass.use(table) * 2).sum }
            let loss =
                isFirst
                ? self.loss(pass, isSparse: true) + tied() : tied() + self.loss(pass, isSparse: true)
            let gradients = loss.backward()
            #expect(rows(gradients) == nil)
            #expect(gradients[table]?.doubles == [5, 6, 2, 2, 2, 2, 8, 10, 2, 2])
        }
    }

    @Test func `an operation between parameter and embedding is handed a dense gradient`() {
        let pass = Pass(.training)
        let rows = embedding(ids, weight: pass.use(table) * 3, isSparse: true)
        let gradients = (rows * pass.input(upstream)).sum.backward()
        #expect(self.rows(gradients) == nil)
        #expect(gradients[table]?.doubles == [9, 12, 0, 0, 0, 0, 18, 24, 0, 0])
    }

    @Test func `an input answers dense`() {
        let pass = Pass(.training)
        let weight = pass.input(table.value, needsGradient: true)
        let gradients = embedding(ids, weight: weight, isSparse: true).sum.backward()
        #expect(gradients[weight]?.doubles == [1, 1, 0, 0, 0, 0, 2, 2, 0, 0])
    }

    @Test func `gradients of two passes add up and are scaled, rows as rows`() throws {
        let scale = Parameter(Tensor(2.0))
        func gradients() -> Gradients {
            let pass = Pass(.training)
            return (loss(pass, isSparse: true) * pass.use(scale)).backward()
        }
        let sum = gradients().adding(gradients()).scaled(by: 0.25)
        let single = gradients()
        #expect(try #require(rows(sum)).rows == [0, 3])
        #expect(sum[table]?.doubles == single[table]?.doubles.map { $0 / 2 })
        #expect(sum[scale]?.scalar == single[scale].map { $0.scalar / 2 })
    }

    @Test func `a sum has the parameters that took part in one of the passes alone`() {
        let other = Parameter(Tensor(1.0))
        let (left, right) = (Pass(.training), Pass(.training))
        let input = left.input(Tensor(5.0), needsGradient: true)
        let sum = (left.use(other) * input).backward().adding(loss(right, isSparse: true).backward())
        #expect(sum[other]?.scalar == 5)
        #expect(rows(sum)?.rows == [0, 3])
        #expect(sum[input] == nil)
    }

    @Test func `a parameter is changed where it lies, a copy keeps its numbers`() {
        let parameter = Parameter(Tensor([1.0, 2.0], shape: [2]))
        let (copy, version) = (parameter.value, parameter.version)
        parameter.change { $0 = $0.scaled(by: 3) }
        #expect(parameter.value.doubles == [3, 6])
        #expect(copy.doubles == [1, 2])
        #expect(parameter.version == version + 1)
    }
}
