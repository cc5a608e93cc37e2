/// Convolution as its definition reads: the reference for the fast one, and the one for double precision.
///
/// Images are plain `[N, C, H, W]`, weights `[O, C / groups, kernel, kernel]`, a bias `[O]`. Gradients are
/// added to what is there. Each thread owns whole outputs, so sums are taken in one order whatever the number
/// of threads.
package enum PlainConvolution {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: ConvolutionShape, source: UnsafePointer<T>, weights: UnsafePointer<T>,
        bias: UnsafePointer<T>? = nil, destination: UnsafeMutablePointer<T>
    ) {
        let (outputs, area) = (s.destination.channels, s.destination.height * s.destination.width)
        Parallel.run(s.source.batch) { images in
            for n in images {
                for o in 0..<outputs {
                    let plane = destination + (n * outputs + o) * area
                    plane.update(repeating: bias?[o] ?? 0, count: area)
                }
                s.eachTap(image: n) { output, input, weight in
                    destination[output] += source[input] * weights[weight]
                }
            }
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backwardData<T: BinaryFloatingPoint>(
        _ s: ConvolutionShape, destinationGradient: UnsafePointer<T>, weights: UnsafePointer<T>,
        sourceGradient: UnsafeMutablePointer<T>
    ) {
        Parallel.run(s.source.batch) { images in
            for n in images {
                s.eachTap(image: n) { output, input, weight in
                    sourceGradient[input] += destinationGradient[output] * weights[weight]
                }
            }
        }
    }

    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backwardWeights<T: BinaryFloatingPoint>(
        _ s: ConvolutionShape, source: UnsafePointer<T>, destinationGradient: UnsafePointer<T>,
        weightGradient: UnsafeMutablePointer<T>
    ) {
        for n in 0..<s.source.batch {
            s.eachTap(image: n) { output, input, weight in
                weightGradient[weight] += source[input] * destinationGradient[output]
            }
        }
    }
}

extension ConvolutionShape {
    /// Visits every product that the convolution of one image sums: (output, input, weight) as plain offsets.
    @inline(__always)
    fileprivate func eachTap(image n: Int, _ body: (Int, Int, Int) -> Void) {
        let groupOutputs = destination.channels / groups
        for o in 0..<destination.channels {
            for c in 0..<groupChannels {
                let input = n * source.channels + o / groupOutputs * groupChannels + c
                eachTap(
                    outputPlane: n * destination.channels + o, inputPlane: input,
                    kernelPlane: o * groupChannels + c, body)
            }
        }
    }

    @inline(__always)
    private func eachTap(
        outputPlane: Int, inputPlane: Int, kernelPlane: Int, _ body: (Int, Int, Int) -> Void
    ) {
        for y in 0..<destination.height {
            for x in 0..<destination.width {
                let output = (outputPlane * destination.height + y) * destination.width + x
                for ky in 0..<rows.kernel {
                    let row = rows.position(window: y, tap: ky)
                    guard row >= 0, row < source.height else { continue }
                    for kx in 0..<columns.kernel {
                        let column = columns.position(window: x, tap: kx)
                        guard column >= 0, column < source.width else { continue }
                        let input = (inputPlane * source.height + row) * source.width + column
                        body(output, input, (kernelPlane * rows.kernel + ky) * columns.kernel + kx)
                    }
                }
            }
        }
    }
}
