/// What the operations of one pass did, in order: the material of a model's summary.
///
/// A pass that keeps a tally records no way back. Layers cannot be seen from here, but the parameters they use can:
/// an operation belongs to the parameter it took in.
package final class OperationTally {
    /// One operation.
    package struct Entry {
        /// The parameter it took in, the last of several (the weight of a product, not what an embedding gave it).
        package let parameter: Parameter?
        /// Whether it took in nothing but that parameter: a slice of it, or rows of a table.
        package let isOfParameterAlone: Bool
        /// The shape of its output.
        package let output: [Int]
        /// How many products it added up.
        package let multiplyAdds: Int
    }

    /// The operations so far.
    package private(set) var entries: [Entry] = []
    private var owners: [Int: Parameter] = [:]

    /// A tally of nothing.
    package init() {}

    func lift(_ parameter: Parameter, to slot: Int) {
        owners[slot] = parameter
    }

    /// Notes an operation; what is made of one parameter alone, as a slice of it, gets a slot and stands for it.
    func note(_ output: [Int], from slots: [Int?], _ multiplyAdds: Int, newSlot: () -> Int?) -> Int? {
        let taken = slots.map { $0.flatMap { owners[$0] } }
        let owner = taken.compactMap { $0 }.last
        let isAlone = owner != nil && taken.allSatisfy { $0 === owner }
        entries.append(
            Entry(parameter: owner, isOfParameterAlone: isAlone, output: output, multiplyAdds: multiplyAdds))
        guard isAlone, let slot = newSlot() else { return nil }
        owners[slot] = owner
        return slot
    }
}
