import AviaryAutograd
import AviaryTensors
import Testing

struct SubstitutesTests {
    private let weight = Parameter(Tensor([1.0, 2.0], shape: [2]))
    private let other = Parameter(Tensor(5.0))

    private func substitutes(_ values: [Double]) -> Substitutes {
        Substitutes([(parameter: weight, value: Tensor(values, shape: [values.count]))])
    }

    @Test func `a pass uses what stands in for a parameter, and its own value for the others`() {
        let pass = Pass(.evaluation, substitutes: substitutes([7, 8]))
        #expect(pass.use(weight).tensor.values(as: Double.self) == [7, 8])
        #expect(pass.use(other).tensor.scalar == 5)
        #expect(weight.value.values(as: Double.self) == [1, 2] && weight.version == 0)
    }

    @Test func `gradients are those at the substitutes`() {
        let pass = Pass(.training, substitutes: substitutes([7, 8]))
        let gradients = pass.use(weight).power(2).sum.backward()
        #expect(gradients[weight]?.values(as: Double.self) == [14, 16])
    }

    @Test func `passes side by side do not see each other's substitutes`() async {
        let sums = await withTaskGroup(of: (Int, [Double]).self) { group in
            for task in 0..<8 {
                let own = task.isMultiple(of: 2) ? nil : substitutes([Double(task), 0])
                group.addTask { [weight] in
                    (
                        task,
                        (0..<200).map { _ in
                            Pass(.evaluation, substitutes: own).use(weight).sum.tensor.scalar
                        }
                    )
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = Set($1.1) }
        }
        for task in 0..<8 {
            #expect(sums[task] == (task.isMultiple(of: 2) ? [3] : [Double(task)]))
        }
    }

    @Test func `a substitute of another shape stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let weight = Parameter(Tensor([1.0, 2.0], shape: [2]))
            _ = Substitutes([(parameter: weight, value: Tensor([1.0], shape: [1]))])
        }
    }
}
