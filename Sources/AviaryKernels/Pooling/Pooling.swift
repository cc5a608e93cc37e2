/// The windows of a pooling over plain images; a window that hangs over the edge counts only what it covers.
package struct PoolingShape: Hashable, Sendable {
    package var source: ImageShape
    package var destination: ImageShape
    package var window: Int
    package var stride: Int
    package var padding: Int

    /// Derives the destination; `nil` where no window fits.
    package init?(source: ImageShape, window: Int, stride: Int, padding: Int) {
        let height = (source.height + 2 * padding - window) / stride + 1
        let width = (source.width + 2 * padding - window) / stride + 1
        guard source.height + 2 * padding >= window, source.width + 2 * padding >= window else { return nil }
        self.source = source
        destination = ImageShape(batch: source.batch, channels: source.channels, height: height, width: width)
        self.window = window
        self.stride = stride
        self.padding = padding
    }

    /// Visits, plane by plane on the thread pool, each output with the rows and columns that it pools.
    fileprivate func eachOutput(
        _ body: (_ output: Int, _ plane: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void
    ) {
        Parallel.run(source.batch * source.channels) { planes in
            for plane in planes {
                for y in 0..<destination.height {
                    let top = y * stride - padding
                    let rows = max(0, top)..<min(source.height, top + window)
                    for x in 0..<destination.width {
                        let left = x * stride - padding
                        let columns = max(0, left)..<min(source.width, left + window)
                        let output = (plane * destination.height + y) * destination.width + x
                        body(output, plane * source.height, rows, columns)
                    }
                }
            }
        }
    }
}

/// The greatest of each window, with where it stood (the first of equals, as PyTorch has it; NaN wins).
package enum MaxPooling {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>,
        positions: UnsafeMutablePointer<Int64>
    ) {
        s.eachOutput { output, plane, rows, columns in
            var best = (plane + rows.lowerBound) * s.source.width + columns.lowerBound
            for row in rows {
                for column in columns {
                    let offset = (plane + row) * s.source.width + column
                    if source[offset] > source[best] || source[offset].isNaN { best = offset }
                }
            }
            destination[output] = source[best]
            positions[output] = Int64(best)
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, positions: UnsafePointer<Int64>, gradient: UnsafePointer<T>,
        sourceGradient: UnsafeMutablePointer<T>
    ) {
        s.eachOutput { output, _, _, _ in sourceGradient[Int(positions[output])] += gradient[output] }
    }
}

/// The mean of each window, padding counted as zeros (PyTorch's default).
package enum AveragePooling {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        let area = T(s.window * s.window)
        s.eachOutput { output, plane, rows, columns in
            var sum: T = 0
            for row in rows {
                for column in columns { sum += source[(plane + row) * s.source.width + column] }
            }
            destination[output] = sum / area
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, gradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        let area = T(s.window * s.window)
        s.eachOutput { output, plane, rows, columns in
            for row in rows {
                for column in columns {
                    sourceGradient[(plane + row) * s.source.width + column] += gradient[output] / area
                }
            }
        }
    }
}

/// The mean of each channel's plane, in any channel blocking: `[N, C, H, W]` to `[N, C]`.
package enum GlobalAveragePooling {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: ImageShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        let (area, block) = (s.height * s.width, s.channelBlock)
        Parallel.run(s.batch) { images in
            for n in images {
                for c in 0..<s.channels {
                    let start = source + s.offset(image: n, channel: c)
                    var sum: T = 0
                    for position in 0..<area { sum += start[position * block] }
                    destination[n * s.channels + c] = sum / T(area)
                }
            }
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ s: ImageShape, gradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        let (area, block) = (s.height * s.width, s.channelBlock)
        Parallel.run(s.batch) { images in
            for n in images {
                for c in 0..<s.channels {
                    let start = sourceGradient + s.offset(image: n, channel: c)
                    let share = gradient[n * s.channels + c] / T(area)
                    for position in 0..<area { start[position * block] = share }
                }
            }
        }
    }
}

extension ImageShape {
    /// Where a channel's first element lies; its next one is `channelBlock` elements further on.
    package func offset(image: Int, channel: Int) -> Int {
        let (block, lane) = channel.quotientAndRemainder(dividingBy: channelBlock)
        return (image * paddedChannels + block * channelBlock) * height * width + lane
    }
}
