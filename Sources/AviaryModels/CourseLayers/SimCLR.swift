public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

// Letters: N images, F features of the encoder, P numbers of a projection.

/// An encoder with the projection in which two views of an image are brought together.
///
/// Keys: `encoder.…`, and `projector.0`, `projector.2`. The encoder is what remains after training; the
/// projection serves the loss alone. Source: Chen et al. 2020, section 2.1. Equal to PyTorch, forward and
/// backward (course_layers.json).
public struct SimCLR: Module {
    let encoder: any Layer
    let projector: ProjectionHead

    /// A model around `encoder`, whose output is `[N, features]`.
    public init(
        encoder: any Layer, features: Int, hidden: Int = 512, projection: Int = 128,
        random stream: inout RandomStream
    ) {
        self.encoder = encoder
        projector = ProjectionHead(features, hidden: hidden, projection: projection, random: &stream)
    }

    /// Two views of the same images to two projections `[N, P]` of length 1.
    public func callAsFunction(_ first: Variable, _ second: Variable) -> (Variable, Variable) {
        (projected(first), projected(second))
    }

    private func projected(_ images: Variable) -> Variable {
        projector(encoder(images)).l2Normalised()  // [N, F] → [N, P]
    }
}

/// Linear, ReLU, linear.
struct ProjectionHead: Layer {
    private let first: Linear
    private let second: Linear

    static let stateKeys = ["first": "0", "second": "2"]

    init(_ features: Int, hidden: Int, projection: Int, random stream: inout RandomStream) {
        first = Linear(features, hidden, random: &stream)
        second = Linear(hidden, projection, random: &stream)
    }

    func callAsFunction(_ x: Variable) -> Variable {
        second(relu(first(x)))
    }
}
