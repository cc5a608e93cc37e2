import CAviaryKernels

/// Attention in single precision that never holds more than a block of scores for each thread.
///
/// Forward goes through blocks of 64 keys with a running softmax and keeps, beside the output, one number a row;
/// backward computes each block's probabilities again from it. Parallel over heads and blocks of queries. The products
/// are loops of our own (`attention.c` says why).
///
/// Source: Dao et al. 2022, "FlashAttention", algorithms 1 and 4.
package enum FastAttention {
    private static let block = Int(AVIARY_ATTENTION_BLOCK)

    /// Bytes of scratch that each thread has while one of the functions runs.
    package static func scratchByteCount(_ shape: AttentionShape) -> Int {
        withArguments(shape, AttentionRule(scale: 1), nil) {
            Int(aviary_attention_scratch_count($0)) * MemoryLayout<Float>.stride
        }
    }

    /// Writes `output` `[batch, heads, queries, width]` and `logSums` `[batch, heads, queries]`.
    package static func forward(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<Float>,
        output: UnsafeMutablePointer<Float>, logSums: UnsafeMutablePointer<Float>
    ) {
        let blocks = blockCount(shape.queries)
        withArguments(shape, rule, inputs.mask) { arguments in
            run(shape.headCount * blocks, arguments) { task, scratch in
                aviary_attention_forward(
                    arguments, Int64(task / blocks), Int64(task % blocks * block), inputs.query, inputs.key,
                    inputs.value, output, logSums, scratch)
            }
        }
    }

    /// Writes the gradients that are asked for.
    ///
    /// A thread takes whole heads, or, where those are too few, blocks of keys and then blocks of queries, which computes
    /// the probabilities twice. Both add in one order, so the bits are the same.
    package static func backward(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<Float>,
        _ result: AttentionResult<Float>, outputGradient: UnsafePointer<Float>,
        gradients: AttentionGradients<Float>
    ) {
        gradients.clear(shape)
        withArguments(shape, rule, inputs.mask) { arguments in
            let way = Way(
                arguments: arguments, inputs: inputs, result: result, outputGradient: outputGradient)
            let (rows, columns) = (blockCount(shape.queries), blockCount(shape.keys))
            guard shape.headCount < Parallel.threadCount else {
                return run(shape.headCount, arguments) { head, scratch in
                    for row in 0..<rows {
                        way.prepare(head, row, scratch)
                        for column in 0..<columns { way.add(head, row, column, to: gradients, scratch) }
                    }
                }
            }
            var (ofQueries, ofKeys) = (gradients, gradients)
            (ofQueries.key, ofQueries.value, ofKeys.query) = (nil, nil, nil)
            run(shape.headCount * columns, arguments) { [ofKeys] task, scratch in
                for row in 0..<rows {
                    way.prepare(task / columns, row, scratch)
                    way.add(task / columns, row, task % columns, to: ofKeys, scratch)
                }
            }
            guard gradients.query != nil else { return }
            run(shape.headCount * rows, arguments) { [ofQueries] task, scratch in
                way.prepare(task / rows, task % rows, scratch)
                for column in 0..<columns {
                    way.add(task / rows, task % rows, column, to: ofQueries, scratch)
                }
            }
        }
    }

    /// What every block of the way back is given.
    private struct Way {
        let arguments: UnsafePointer<aviary_attention>
        let inputs: AttentionInputs<Float>
        let result: AttentionResult<Float>
        let outputGradient: UnsafePointer<Float>

        func prepare(_ head: Int, _ row: Int, _ scratch: UnsafeMutablePointer<Float>?) {
            aviary_attention_prepare_backward(
                arguments, Int64(head), Int64(row * block), inputs.query, result.output, result.logSums,
                outputGradient, scratch)
        }

        func add(
            _ head: Int, _ row: Int, _ column: Int, to gradients: AttentionGradients<Float>,
            _ scratch: UnsafeMutablePointer<Float>?
        ) {
            aviary_attention_backward(
                arguments, Int64(head), Int64(row * block), Int64(column * block), inputs.query, inputs.key,
                inputs.value, outputGradient, gradients.query, gradients.key, gradients.value, scratch)
        }
    }

    private static func blockCount(_ extent: Int) -> Int { (extent + block - 1) / block }

    /// Runs tasks in parallel, each with its thread's scratch.
    private static func run(
        _ count: Int, _ arguments: UnsafePointer<aviary_attention>,
        _ body: (Int, UnsafeMutablePointer<Float>?) -> Void
    ) {
        let floats = Int(aviary_attention_scratch_count(arguments))
        Parallel.run(count) { part in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: floats) { scratch in
                for task in part { body(task, scratch.baseAddress) }
            }
        }
    }

    private static func withArguments<R>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ mask: AttentionMask<Float>?,
        _ body: (UnsafePointer<aviary_attention>) -> R
    ) -> R {
        var arguments = aviary_attention()
        arguments.heads_per_batch = Int64(max(1, shape.heads))
        arguments.queries = Int64(shape.queries)
        arguments.keys = Int64(shape.keys)
        arguments.depth = Int64(shape.depth)
        arguments.width = Int64(shape.width)
        arguments.scale = Float(rule.scale)
        arguments.causal = rule.isCausal
        if let mask {
            switch mask.elements {
            case .takingPart(let bytes): arguments.taken = bytes
            case .added(let numbers): arguments.added = numbers
            }
            arguments.batch_step = Int64(mask.steps[0])
            arguments.head_step = Int64(mask.steps[1])
            arguments.query_step = Int64(mask.steps[2])
            arguments.key_step = Int64(mask.steps[3])
        }
        if let dropout = rule.dropout {
            arguments.drops = true
            arguments.key = dropout.key
            arguments.counter = dropout.counter
            arguments.threshold = dropout.threshold
            arguments.kept = Float(dropout.kept)
        }
        return withUnsafePointer(to: arguments, body)
    }
}
