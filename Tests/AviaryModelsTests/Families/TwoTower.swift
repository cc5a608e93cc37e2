import AviaryAutograd
import AviaryLayers
import AviaryTensors

/// Users and items in one space, where those that belong together are near.
///
/// Source: Yi et al. 2019.
struct TwoTower: Module {
    let users: Tower
    let items: Tower

    init(random stream: inout RandomStream) {
        users = Tower(tables: [50, 7], random: &stream)
        items = Tower(tables: [80, 11], random: &stream)
    }

    /// Each user's item against the others of the batch; ids are int64, a tensor `[N]` for each table.
    func loss(users userIDs: [Tensor], items itemIDs: [Tensor], in pass: Pass) -> Variable {
        inBatchSoftmax(
            queries: users(userIDs.map { pass.input($0) }), items: items(itemIDs.map { pass.input($0) }),
            temperature: 0.1)
    }
}

/// The rows of several ids side by side, through two linear layers, to length 1.
struct Tower: Module {
    let tables: [Embedding]
    let mlp: [Linear]

    init(
        tables counts: [Int], width: Int = 8, hidden: Int = 24, outputs: Int = 16,
        random stream: inout RandomStream
    ) {
        tables = counts.map { Embedding($0, width, isSparse: true, random: &stream) }
        mlp = [
            Linear(counts.count * width, hidden, random: &stream), Linear(hidden, outputs, random: &stream),
        ]
    }

    /// `[N]` for each table to `[N, outputs]`.
    func callAsFunction(_ ids: [Variable]) -> Variable {
        let rows = concatenate(zip(tables, ids).map { table, column in table(column) }, axis: 1)
        return mlp[1](relu(mlp[0](rows))).l2Normalised()
    }
}
