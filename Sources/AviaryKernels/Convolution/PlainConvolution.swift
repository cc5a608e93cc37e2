/// Convolution as its definition reads: the reference for the fast one, and the one for double precision.
///
/// Images are plain `[N, C, H, W]`, weights `[O, C, kernel, kernel]`. Each thread owns whole outputs, so sums
/// are taken in one order whatever the number of threads.
package enum PlainConvolution {
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ s: ConvolutionShape, source: UnsafePointer<T>, weights: UnsafePointer<T>,
        destination: UnsafeMutablePointer<T>
    ) {
        Parallel.run(s.source.batch) { images in
            for n in images {
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
        let (inputs, outputs) = (source, destination)
        for o in 0..<outputs.channels {
            for c in 0..<inputs.channels {
                for y in 0..<outputs.height {
                    for x in 0..<outputs.width {
                        let output = ((n * outputs.channels + o) * outputs.height + y) * outputs.width + x
                        for ky in 0..<kernel.height {
                            let row = y * stride + ky - padding
                            guard row >= 0, row < inputs.height else { continue }
                            for kx in 0..<kernel.width {
                                let column = x * stride + kx - padding
                                guard column >= 0, column < inputs.width else { continue }
                                let input =
                                    ((n * inputs.channels + c) * inputs.height + row) * inputs.width + column
                                let weight =
                                    ((o * inputs.channels + c) * kernel.height + ky) * kernel.width + kx
                                body(output, input, weight)
                            }
                        }
                    }
                }
            }
        }
    }
}
