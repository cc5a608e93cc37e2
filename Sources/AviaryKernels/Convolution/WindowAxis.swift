/// How windows lie along one axis of an image.
package struct WindowAxis: Hashable, Sendable {
    /// How many elements a window takes.
    package var kernel: Int
    /// From one window to the next.
    package var stride: Int
    /// From one element of a window to the next.
    package var dilation: Int
    /// Zeros before the first element of the image.
    package var before: Int
    /// Zeros behind the last.
    package var behind: Int

    package init(kernel: Int, stride: Int = 1, dilation: Int = 1, before: Int = 0, behind: Int = 0) {
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        self.before = before
        self.behind = behind
    }

    /// From a window's first element to its last, both counted.
    package var span: Int { (kernel - 1) * dilation + 1 }

    /// How many windows lie over `extent` elements; `nil` where none fits.
    package func count(over extent: Int) -> Int? {
        let free = extent + before + behind - span
        return free < 0 ? nil : free / stride + 1
    }

    /// Where element `tap` of a window lies in the image, which it may miss on either side.
    @inline(__always)
    package func position(window: Int, tap: Int) -> Int { window * stride + tap * dilation - before }
}
