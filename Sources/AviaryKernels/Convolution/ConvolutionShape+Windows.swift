import CAviaryKernels

extension ConvolutionShape {
    /// The windows of so many of its images.
    func windows(images: Int) -> aviary_windows {
        aviary_windows(
            batch: Int64(images), channels: Int64(source.channels), height: Int64(source.height),
            width: Int64(source.width), output_height: Int64(destination.height),
            output_width: Int64(destination.width), kernel_height: Int64(rows.kernel),
            kernel_width: Int64(columns.kernel), stride_height: Int64(rows.stride),
            stride_width: Int64(columns.stride), dilation_height: Int64(rows.dilation),
            dilation_width: Int64(columns.dilation), padding_top: Int64(rows.before),
            padding_left: Int64(columns.before))
    }
}
