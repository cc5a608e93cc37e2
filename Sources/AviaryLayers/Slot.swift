public import AviaryAutograd
import Synchronization

/// Holds a layer that may be replaced: a head for other classes, a quantized form, a low-rank adapter.
///
/// It does what its layer does and adds nothing to the path: `head.weight` is the weight of whatever is in
/// `head`. A slot has identity. Copies of a model share it, and replacing the layer in one replaces it in
/// all.
public final class Slot: Layer {
    private let content: Mutex<any Layer>

    /// A slot with `layer` in it.
    public init(_ layer: any Layer) {
        content = Mutex(layer)
    }

    /// What is in it now.
    public var layer: any Layer {
        get { content.withLock { $0 } }
        set { content.withLock { $0 = newValue } }
    }

    /// What the layer makes of `x`.
    public func callAsFunction(_ x: Variable) -> Variable {
        layer(x)
    }
}

extension Module {
    /// Puts another layer into the slot at `path`, and gives back the one that was there.
    ///
    /// Paths of slots are those of their layers: a layer in a slot in a slot is reached through the outer one
    /// only. An optimizer that was made before knows the old parameters; make it anew.
    @discardableResult
    public func replace(_ path: String, with layer: any Layer) throws(ModulePathError) -> any Layer {
        let slots = ModuleWalk(self).slots
        guard let slot = slots.first(where: { $0.path == path })?.slot else {
            throw .noSlot(path: path, slots: slots.map(\.path))
        }
        let old = slot.layer
        slot.layer = layer
        return old
    }
}
