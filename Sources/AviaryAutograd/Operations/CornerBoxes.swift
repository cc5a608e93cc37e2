/// Boxes given by centre and extent, by their corners.
///
/// - Parameter boxes: `[…, 4]`: the centre's x and y, width, height.
/// - Returns: `[…, 4]`: x1 y1 x2 y2.
///
/// As torchvision's `box_convert` from `cxcywh` to `xyxy`.
public func cornerBoxes(_ boxes: Variable) -> Variable {
    let parts = boxes.split([2, 2], axis: -1)
    let half = parts[1] * 0.5
    return concatenate([parts[0] - half, parts[0] + half], axis: -1)
}
