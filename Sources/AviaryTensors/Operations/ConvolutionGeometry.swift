/// How the windows of a convolution lie over an image, and in how many groups its channels fall.
///
/// A number stands for both axes, or all sides: `ConvolutionGeometry(stride: 2, padding: 1)`.
public struct ConvolutionGeometry: Hashable, Sendable {
    /// A number of rows and one of columns.
    public struct PerAxis: Hashable, Sendable, ExpressibleByIntegerLiteral {
        /// Along the rows' axis.
        public var height: Int
        /// Along the columns' axis.
        public var width: Int

        /// One number for each axis.
        public init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }

        /// The same for both axes.
        public init(_ both: Int) { self.init(height: both, width: both) }

        /// A number as it is written.
        public init(integerLiteral both: Int) { self.init(both) }
    }

    /// Rows and columns of zeros around an image.
    public struct Sides: Hashable, Sendable, ExpressibleByIntegerLiteral {
        /// Rows above the first.
        public var top: Int
        /// Rows below the last.
        public var bottom: Int
        /// Columns before the first.
        public var left: Int
        /// Columns behind the last.
        public var right: Int

        /// One number for each side.
        public init(top: Int, bottom: Int, left: Int, right: Int) {
            self.top = top
            self.bottom = bottom
            self.left = left
            self.right = right
        }

        /// As many rows above as below, as many columns left as right.
        public init(height: Int, width: Int) {
            self.init(top: height, bottom: height, left: width, right: width)
        }

        /// The same on all sides.
        public init(_ all: Int) { self.init(height: all, width: all) }

        /// A number as it is written.
        public init(integerLiteral all: Int) { self.init(all) }
    }

    /// From one window to the next.
    public var stride: PerAxis
    /// Zeros around the image.
    public var padding: Sides
    /// From one element of a window to the next: 1 leaves nothing out.
    public var dilation: PerAxis
    /// Channels and outputs fall into so many groups, in their order.
    ///
    /// An output sees the channels of its group alone; with a group for each channel that is called depthwise.
    public var groups: Int

    /// Unless given: windows at every element, no zeros, one group.
    public init(stride: PerAxis = 1, padding: Sides = 0, dilation: PerAxis = 1, groups: Int = 1) {
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
    }
}

extension ConvolutionGeometry: CustomStringConvertible {
    /// As `stride 2 x 1, padding 0 1 0 1, dilation 1 x 1, groups 4`.
    public var description: String {
        let sides = "\(padding.top) \(padding.bottom) \(padding.left) \(padding.right)"
        return "stride \(stride.height) x \(stride.width), padding \(sides), "
            + "dilation \(dilation.height) x \(dilation.width), groups \(groups)"
    }
}
