public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

// Letters: N users, M items, U and I numbers that describe one of them, D the width of the embeddings.

/// Two towers over dense features, as in the deep-learning course: how well each user fits each item.
///
/// Keys: `user_tower` and `item_tower`, each with `0` and `2`. The score is the cosine of the two embeddings,
/// without a temperature. Source: Yi et al. 2019, section 3. Equal to PyTorch, forward and backward
/// (course_layers.json).
public struct FeatureTwoTower: Module {
    let userTower: FeatureTower
    let itemTower: FeatureTower

    /// PyTorch's names.
    public static let stateKeys = ["userTower": "user_tower", "itemTower": "item_tower"]

    /// Towers over so many features of users and items; their embeddings are half as wide as `hidden`.
    public init(userFeatures: Int, itemFeatures: Int, hidden: Int, random stream: inout RandomStream) {
        userTower = FeatureTower(userFeatures, hidden: hidden, random: &stream)
        itemTower = FeatureTower(itemFeatures, hidden: hidden, random: &stream)
    }

    /// Users `[N, U]` and items `[M, I]` to scores `[N, M]`.
    public func callAsFunction(users: Variable, items: Variable) -> Variable {
        userTower(users).product(itemTower(items).transposed)  // [N, D] × [D, M] → [N, M]
    }
}

/// Linear, ReLU, linear to half the width, then length 1.
struct FeatureTower: Layer {
    private let first: Linear
    private let second: Linear

    static let stateKeys = ["first": "0", "second": "2"]

    init(_ features: Int, hidden: Int, random stream: inout RandomStream) {
        first = Linear(features, hidden, random: &stream)
        second = Linear(hidden, hidden / 2, random: &stream)
    }

    func callAsFunction(_ x: Variable) -> Variable {
        second(relu(first(x))).l2Normalised()
    }
}
