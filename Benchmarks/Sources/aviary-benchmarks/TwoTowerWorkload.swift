import AviaryAutograd
import AviaryLayers
import AviaryOptimizers
import AviaryTensors

// Letters: N pairs of a user and an item, D the width.

/// Two towers over tables of 100,000 rows, of which each step looks up others.
///
/// Dense: Adam steps every row. Sparse: only those that were looked up, as PyTorch's `SparseAdam`.
let twoTowerWorkload = Workload(
    name: "two-tower", variants: [.denseAdam, .sparseAdam], rate: 1e-3, batchSize: 1024, repeatFactor: 20,
    drawsEveryStep: true,
    draw: { count, random in
        Batch(
            inputs: random.integerTensor([2, count], below: TwoTower.rowCount),
            labels: .range(0..<count))
    },
    makeTrainee: { variant, _, random in
        let model = TwoTower(isSparse: variant == .sparseAdam, random: &random)
        return Trainee(
            model, Adam(model.parameters),
            logits: { pairs in
                let (users, items) = model(pairs)
                // [N, D] × [D, N] → [N, N]
                return users.product(items.transposed(0, 1)) / TwoTower.temperature
            },
            loss: { pairs, _ in
                let (users, items) = model(pairs)
                return inBatchSoftmax(queries: users, items: items, temperature: TwoTower.temperature)
            })
    })

/// A table and a tower for users, and the same for items.
private struct TwoTower: Module {
    static let (rowCount, temperature) = (100_000, 0.05)
    static let stateKeys = ["userTower": "user_tower", "itemTower": "item_tower"]

    let user: Embedding
    let item: Embedding
    let userTower: Tower
    let itemTower: Tower

    init(width: Int = 64, hidden: Int = 128, isSparse: Bool, random stream: inout RandomStream) {
        user = Embedding(Self.rowCount, width, isSparse: isSparse, random: &stream)
        item = Embedding(Self.rowCount, width, isSparse: isSparse, random: &stream)
        userTower = Tower(width, hidden: hidden, random: &stream)
        itemTower = Tower(width, hidden: hidden, random: &stream)
    }

    /// Ids `[2, N]`, users above items, to vectors of length 1: `[N, D]` each.
    func callAsFunction(_ pairs: Variable) -> (users: Variable, items: Variable) {
        let (users, items) = (pairs.sliced(0..<1, along: 0), pairs.sliced(1..<2, along: 0))
        return (
            userTower(user(users.squeezed(0))).l2Normalised(),
            itemTower(item(items.squeezed(0))).l2Normalised()
        )
    }
}

/// Linear, ReLU, linear.
private struct Tower: Layer {
    static let stateKeys = ["first": "0", "second": "2"]

    let first: Linear
    let second: Linear

    init(_ width: Int, hidden: Int, random stream: inout RandomStream) {
        first = Linear(width, hidden, random: &stream)
        second = Linear(hidden, width, random: &stream)
    }

    /// `[N, D]` to the same shape.
    func callAsFunction(_ x: Variable) -> Variable { second(relu(first(x))) }
}
