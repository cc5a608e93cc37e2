extension String {
    /// The first Unicode scalars, which is what Python and MLflow's limits count as characters.
    func cut(to scalarCount: Int) -> String {
        // A scalar has a byte at least, so that most texts need not be counted.
        utf8.count <= scalarCount ? self : String(unicodeScalars.prefix(scalarCount))
    }

    /// Whether it has more Unicode scalars than this.
    func isLonger(than scalarCount: Int) -> Bool {
        utf8.count > scalarCount && !unicodeScalars.dropFirst(scalarCount).isEmpty
    }

    /// For messages: a body of megabytes does not come back in one.
    func shortened(to scalarCount: Int = 1000) -> String {
        isLonger(than: scalarCount) ? cut(to: scalarCount) + "…" : self
    }
}
