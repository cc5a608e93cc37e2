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

    /// As PyTorch: a negative padding index counts from the end (norms.json holds its numbers).
    @Test func `a padding index may count from the end`() throws {
        let (first, second) = (
            loss(Pass(.training), isSparse: true, paddingIndex: -2).backward(),
            loss(Pass(.training), isSparse: true, paddingIndex: 3).backward()
        )
        #expect(try #require(rows(first)).rows == [0])
        #expect(first[table]?.doubles == second[table]?.doubles)
        let last = loss(Pass(.training), isSparse: true, paddingIndex: -1).backward()
        #expect(try #require(rows(last)).rows == [0, 3])
    }

    @Test(arguments: [5, -6])
    func `a padding index outside of the table stops the program and is named`(index: Int) async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [index] in
            let ids = Tensor([3, 0 as Int64], shape: [2])
            _ = embedding(ids, weight: Pass(.training).input(.zeros([5, 2])), paddingIndex: index)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("embedding: padding index \(index) in a table of 5 rows"), "\(text)")
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

    @Test func `an embedding that is not sparse gives rows of a table of zeros`() throws {
        let gradients = loss(Pass(.training), isSparse: false, paddingIndex: 0).backward()
        let found = try #require(rowsOfZeros(gradients))
        #expect(found.rows == [3])
        #expect(gradients[table]?.doubles == [0, 0, 0, 0, 0, 0, 6, 8, 0, 0])
    }

    @Test func `beside rows of zeros the other rows no longer rest, whichever comes first`() throws {
        for isSparse in [true, false] {
            let pass = Pass(.training)
            let more = embedding(
                Tensor([4, 3 as Int64], shape: [2]), weight: pass.use(table), isSparse: !isSparse)
            let gradients = (loss(pass, isSparse: isSparse) + more.sum).backward()
            let found = try #require(rowsOfZeros(gradients))
            #expect(found.rows == [0, 3, 4])
            #expect(gradients[table]?.doubles == [3, 4, 0, 0, 0, 0, 7, 9, 1, 1])
        }
    }

    @Test func `rows of zeros are added, scaled and mapped as rows, and become dense beside a dense one`()
        throws
    {
        let sum = loss(Pass(.training), isSparse: false).backward()
            .adding(loss(Pass(.training), isSparse: false).backward()).scaled(by: 0.25)
        #expect(try #require(rowsOfZeros(sum)).rows == [0, 3])
        #expect(sum[table]?.doubles == [1.5, 2, 0, 0, 0, 0, 3, 4, 0, 0])
        let halved = sum.mapped(over: [table]) { $0.scaled(by: 0.5) }
        #expect(try #require(rowsOfZeros(halved)).values.doubles == [0.75, 1, 1.5, 2])
        let pass = Pass(.training)
        let tied = (loss(pass, isSparse: false) + (pass.use(table) * 2).sum).backward()
        #expect(rowsOfZeros(tied) == nil)
        #expect(tied[table]?.doubles == [5, 6, 2, 2, 2, 2, 8, 10, 2, 2])
    }

    private func rowsOfZeros(_ gradients: Gradients) -> RowGradient? {
        guard case .zeros(let rows) = gradients.gradient(by: table) else { return nil }
        return rows
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

    @Test func `several parameters are changed together, each its own number`() {
        let parameters = [1.0, 2, 3].map { Parameter(Tensor($0)) }
        let (copies, versions) = (parameters.map(\.value), parameters.map(\.version))
        var opened: [Double] = []
        Parameter.change(
            parameters,
            open: { number, value in
                opened.append(value.scalar)
                value = value.scaled(by: Double(number))
            }, body: { #expect(opened == [1, 2, 3]) })
        #expect(parameters.map(\.value.scalar) == [0, 2, 6])
        #expect(copies.map(\.scalar) == [1, 2, 3])
        #expect(parameters.map(\.version) == versions.map { $0 + 1 })
        var isRun = false
        Parameter.change([], open: { _, _ in }, body: { isRun = true })
        #expect(isRun)
    }
}
