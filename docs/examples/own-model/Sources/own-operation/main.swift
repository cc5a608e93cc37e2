import AviaryAutograd
import AviaryTensors
import Foundation

// own-operation: the gradient of mish against differences; ends with 1 where they are not the same.
let numbers = stride(from: -6.0, through: 6.0, by: 0.25).map { $0 }
let shape = [7, 7]

let pass = Pass(.training)
let x = pass.input(Tensor(numbers, shape: shape), needsGradient: true)
let gradients = mish(x).backward(from: Tensor(repeating: 1.0, shape: shape))
guard let gradient = gradients[x]?.values(as: Double.self) else {
    fatalError("mish: no gradient by its input")
}

/// Mish of every number moved by `shift`.
func moved(by shift: Double) -> [Double] {
    let pass = Pass(.evaluation)
    return mish(pass.input(Tensor(numbers.map { $0 + shift }, shape: shape))).tensor.values(as: Double.self)
}

// Central differences of step 1e-5 err by about 1e-10.
let differences = zip(moved(by: 1e-5), moved(by: -1e-5)).map { ($0 - $1) / 2e-5 }
let worst = zip(gradient, differences).map { abs($0 - $1) }.max() ?? .infinity
print("mish: gradient and differences are \(worst) apart")
guard worst <= 1e-8 else { exit(1) }

// It stands among the others: in an expression, in single precision, in two bytes.
let weight = Parameter(Tensor(repeating: 0.5 as Float, shape: [7, 7]))
let step = Pass(.training)
let images = step.input(Tensor(numbers.map { Float($0) }, shape: shape))
let loss = mish(images.product(step.use(weight))).mean
guard let ofWeight = loss.backward()[weight], ofWeight.shape == shape else { exit(1) }
let half = Pass(.evaluation)
let small = mish(half.input(Tensor(numbers, shape: shape).cast(to: .bf16)))
guard small.tensor.dtype == .bf16 else { exit(1) }
print("mish: in a product, and in bf16")
