import AviaryTensors

extension Variable {
    /// The elements repeated along axes of extent 1, and along new axes in front, up to `shape`.
    public func broadcast(to shape: [Int]) -> Variable {
        let before = self.shape
        return pass.record(tensor.plain.broadcast(to: shape), from: [self]) { [$0.summed(to: before)] }
    }
}
