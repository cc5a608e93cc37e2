import AviaryAutograd

/// One way through a module's stored properties: what it holds, with the paths.
///
/// It stops the program at a property that cannot be walked, and never runs within a step.
struct ModuleWalk {
    /// A module on the way, the root first.
    struct Part {
        let path: String
        let kind: String
    }

    private(set) var entries: [StateEntry] = []
    /// Of each entry, which part holds it.
    private(set) var owners: [Int] = []
    private(set) var parts: [Part] = []
    private(set) var slots: [(path: String, slot: Slot)] = []
    private var current = 0

    init(_ root: any Module) {
        visit(root, [])
    }

    private mutating func visit(_ value: Any, _ path: [String]) {
        switch value {
        case let slot as Slot:
            slots.append((path.joined(separator: "."), slot))
            visit(slot.layer, path)
        case let parameter as Parameter: add(.parameter(parameter), path)
        case let buffer as Buffer: add(.buffer(buffer), path)
        case let module as any Module: visitParts(of: module, path)
        case let modules as [Any]:
            for (index, module) in modules.enumerated() { visit(module, path + [String(index)]) }
        default: visitRest(value, path)
        }
    }

    private mutating func add(_ holder: StateEntry.Holder, _ path: [String]) {
        entries.append(StateEntry(key: path.joined(separator: "."), holder: holder))
        owners.append(current)
    }

    private mutating func visitParts(of module: any Module, _ path: [String]) {
        let outer = current
        defer { current = outer }
        current = parts.count
        parts.append(Part(path: path.joined(separator: "."), kind: "\(type(of: module))"))
        let keys = type(of: module).stateKeys
        for child in Mirror(reflecting: module).children {
            guard let label = child.label else { continue }
            Self.refuseLazy(label, path)
            let key = keys[label] ?? label
            visit(child.value, key.isEmpty ? path : path + [key])
        }
    }

    /// Optionals are looked into, settings passed over; what hides parameters, or might, is refused.
    private mutating func visitRest(_ value: Any, _ path: [String]) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            if let wrapped = mirror.children.first { visit(wrapped.value, path) }
        case .dictionary, .set, .class, .tuple:
            refuse(path, "a \(type(of: value)) cannot be walked for parameters")
        default:
            guard let inner = Self.hiddenPart(of: mirror) else { return }
            refuse(path, "a \(type(of: value)) is no Module, but its '\(inner)' holds parameters")
        }
    }

    /// A lazy property is stored under a name of the compiler's, empty until it is asked for.
    private static func refuseLazy(_ label: String, _ path: [String]) {
        let prefix = "$__lazy_storage_$_"
        guard label.hasPrefix(prefix) else { return }
        let name = String(label.dropFirst(prefix.count))
        refuse(path + [name], "a lazy property cannot be walked for parameters")
    }

    /// The way to a module, parameter or buffer within settings, a property wrapper or a payload; `nil` for
    /// none.
    private static func hiddenPart(of mirror: Mirror) -> String? {
        for child in mirror.children {
            let label = child.label ?? "\(type(of: child.value))"
            if child.value is any Module || child.value is Parameter || child.value is Buffer { return label }
            let inside = Mirror(reflecting: child.value)
            guard inside.displayStyle != .class else { continue }
            if let rest = hiddenPart(of: inside) { return "\(label).\(rest)" }
        }
        return nil
    }

    private func refuse(_ path: [String], _ problem: String) -> Never { Self.refuse(path, problem) }

    private static func refuse(_ path: [String], _ problem: String) -> Never {
        fatalError(
            "\(path.joined(separator: ".")): \(problem); "
                + "use stored properties, arrays or optionals of modules")
    }
}
