/// Which elements each output of a pooling takes together: a span of rows by a span of columns, in any channel
/// blocking.
package struct PoolingShape: Hashable, Sendable {
    package var source: ImageShape
    package var destination: ImageShape
    package var rows: [PoolingSpan]
    package var columns: [PoolingSpan]

    /// A pooling with one output for each span of rows and span of columns.
    package init(source: ImageShape, rows: [PoolingSpan], columns: [PoolingSpan]) {
        self.source = source
        self.rows = rows
        self.columns = columns
        destination = ImageShape(
            batch: source.batch, channels: source.channels, height: rows.count, width: columns.count,
            channelBlock: source.channelBlock)
    }

    /// Whether some output takes nothing together.
    package var hasEmptyRegions: Bool {
        rows.contains { $0.count == 0 } || columns.contains { $0.count == 0 }
    }

    /// Visits, plane by plane on the thread pool, each output with the offset of its plane's channel and its spans.
    @inline(__always)
    fileprivate func eachOutput(
        _ body: (_ output: Int, _ start: Int, _ rows: PoolingSpan, _ columns: PoolingSpan) -> Void
    ) {
        let block = source.channelBlock
        Parallel.run(source.batch * source.paddedChannels / block) { planes in
            for plane in planes {
                let start = plane * source.height * source.width * block
                var output = plane * rows.count * columns.count * block
                for rows in rows {
                    for columns in columns {
                        for lane in 0..<block {
                            body(output, start + lane, rows, columns)
                            output += 1
                        }
                    }
                }
            }
        }
    }

    /// Visits the offsets of the elements that one output takes together, row by row.
    @inline(__always)
    fileprivate func eachElement(
        from start: Int, _ rows: PoolingSpan, _ columns: PoolingSpan, _ body: (_ offset: Int) -> Void
    ) {
        for row in 0..<rows.count {
            let line = (rows.first + row * rows.step) * source.width + columns.first
            for column in 0..<columns.count {
                body(start + (line + column * columns.step) * source.channelBlock)
            }
        }
    }
}

/// The greatest of each region, with where it stood (the first of equals, as PyTorch has it; NaN wins).
///
/// A region without elements gives -infinity and stood nowhere, at position -1. What fills a last block of channels
/// would not stay zero there: `hasEmptyRegions` is for the plain layout.
package enum MaxPooling {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>,
        positions: UnsafeMutablePointer<Int64>
    ) {
        s.eachOutput { output, start, rows, columns in
            guard rows.count > 0, columns.count > 0 else {
                destination[output] = -.infinity
                positions[output] = -1
                return
            }
            var best = start + (rows.first * s.source.width + columns.first) * s.source.channelBlock
            s.eachElement(from: start, rows, columns) { offset in
                if source[offset] > source[best] || source[offset].isNaN { best = offset }
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
        s.eachOutput { output, _, _, _ in
            let position = Int(positions[output])
            if position >= 0 { sourceGradient[position] += gradient[output] }
        }
    }
}

/// The mean of each region: the sum of its elements over its spans' divisors.
package enum AveragePooling {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, source: UnsafePointer<T>, destination: UnsafeMutablePointer<T>
    ) {
        s.eachOutput { output, start, rows, columns in
            var sum: T = 0
            s.eachElement(from: start, rows, columns) { sum += source[$0] }
            destination[output] = sum / T(rows.divisor * columns.divisor)
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ s: PoolingShape, gradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        s.eachOutput { output, start, rows, columns in
            let share = gradient[output] / T(rows.divisor * columns.divisor)
            s.eachElement(from: start, rows, columns) { sourceGradient[$0] += share }
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
