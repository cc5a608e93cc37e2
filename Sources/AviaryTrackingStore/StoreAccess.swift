/// What somebody wants to do with a store.
package enum StoreAccess: Sendable, Equatable {
    /// Only ask; never makes a store.
    case read
    /// Ask and log; makes the store if it is missing and `create` says so.
    case write(create: Bool)
}
