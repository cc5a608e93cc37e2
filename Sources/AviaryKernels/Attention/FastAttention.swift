import CAviaryKernels

/// What the products of attention over bf16 are made of; over f32 they are always of floats.
package enum AttentionProducts: Sendable {
    /// Pairs of bf16 where the processor multiplies them faster, else widened numbers.
    case fastest
    /// Numbers widened to f32.
    case widened
    /// Pairs of bf16 wherever that is possible.
    case pairs
}

/// Attention with single-precision sums that never holds more than a block of scores for each thread.
///
/// Forward goes through blocks of 64 keys with a running softmax and keeps, beside the output, two numbers a row;
/// backward computes each block's probabilities again from them. Parallel over heads and blocks of queries. The products
/// are loops of our own (`attention.c` says why). Operands and gradients are read and written where they lie.
///
/// Source: Dao et al. 2022, "FlashAttention", algorithms 1 and 4.
package enum FastAttention {
    private static let block = Int(AVIARY_ATTENTION_BLOCK)

    /// Bytes of scratch that each thread has while one of the functions runs; backward has its sums beside it.
    package static func scratchByteCount(_ shape: AttentionShape) -> Int {
        let arguments = arguments(shape, AttentionRule(scale: 1))
        return withUnsafePointer(to: arguments) {
            Int(aviary_attention_scratch_count($0)) * MemoryLayout<Float>.stride
        }
    }

    /// Writes `output` `[batch, heads, queries, width]` and what makes probabilities of its scores.
    package static func forward<T: AttentionElement & StoredReal>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        output: HeadRows<T>, normalizers: AttentionNormalizers<Float>, products: AttentionProducts = .fastest
    ) where T.Real == Float {
        let blocks = spans(shape.queries)
        let arguments = arguments(shape, rule, inputs, products)
        let (output, normalizers) = (output.bridged, normalizers.bridged)
        withUnsafePointer(to: arguments) { arguments in
            run(shape.headCount * blocks.count, arguments, sumsOf: 0) { task, scratch, _ in
                let (head, block) = task.quotientAndRemainder(dividingBy: blocks.count)
                withUnsafePointer(to: output) { output in
                    withUnsafePointer(to: normalizers) { normalizers in
                        aviary_attention_forward(
                            arguments, Int64(head), blocks[block].begin, output, normalizers, scratch)
                    }
                }
            }
        }
    }

    /// Writes the gradients that are asked for.
    ///
    /// A thread takes whole heads, and holds the sums of one head's keys and values in single precision; or, where heads
    /// are too few, blocks of keys and then blocks of queries, which computes the probabilities twice. Both add in one
    /// order, so the bits are the same.
    package static func backward<T: AttentionElement & StoredReal>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        _ result: AttentionResult<T>, outputGradient: HeadRows<T>, gradients: AttentionGradients<T>,
        products: AttentionProducts = .fastest
    ) where T.Real == Float {
        let wanted = aviary_attention_gradients(
            output: result.output.bridged, output_gradient: outputGradient.bridged,
            normalizers: result.normalizers.bridged,
            query: gradients.query?.bridged ?? aviary_head_rows(),
            key: gradients.key?.bridged ?? aviary_head_rows(),
            value: gradients.value?.bridged ?? aviary_head_rows())
        let (queries, keys) = (span(shape.queries), span(shape.keys))
        let arguments = arguments(shape, rule, inputs, products)
        withUnsafePointer(to: arguments) { arguments in
            guard shape.headCount < Parallel.threadCount else {
                return run(shape.headCount, arguments, wanted, [queries], [keys])
            }
            var (ofQueries, ofKeys) = (wanted, wanted)
            (ofQueries.key.first, ofQueries.value.first, ofKeys.query.first) = (nil, nil, nil)
            if gradients.key != nil || gradients.value != nil {
                run(shape.headCount, arguments, ofKeys, [queries], spans(shape.keys))
            }
            if gradients.query != nil {
                run(shape.headCount, arguments, ofQueries, spans(shape.queries), [keys])
            }
        }
    }

    /// Goes back in each head through each of the spans of queries with each of the keys.
    private static func run(
        _ headCount: Int, _ arguments: UnsafePointer<aviary_attention>, _ wanted: aviary_attention_gradients,
        _ queries: [aviary_span], _ keys: [aviary_span]
    ) {
        let pairCount = queries.count * keys.count
        let longest = keys.map { $0.end - $0.begin }.max() ?? 0
        withUnsafePointer(to: wanted) { wanted in
            run(headCount * pairCount, arguments, sumsOf: longest) { task, scratch, sums in
                let (head, pair) = task.quotientAndRemainder(dividingBy: pairCount)
                aviary_attention_backward(
                    arguments, wanted, Int64(head), queries[pair / keys.count], keys[pair % keys.count], sums,
                    scratch)
            }
        }
    }

    /// Runs tasks in parallel, each with its thread's scratch and the sums of so many keys' gradients.
    private static func run(
        _ count: Int, _ arguments: UnsafePointer<aviary_attention>, sumsOf keyCount: Int64,
        _ body: (Int, _ scratch: UnsafeMutablePointer<Float>, _ sums: UnsafeMutablePointer<Float>) -> Void
    ) {
        let scratchCount = Int(aviary_attention_scratch_count(arguments))
        let floats = scratchCount + Int(aviary_attention_sums_count(arguments, keyCount))
        // At the width of a vector and of a cache line: loads that lie across two of them take twice as long.
        Parallel.run(count) { part in
            withUnsafeTemporaryAllocation(byteCount: floats * MemoryLayout<Float>.stride, alignment: 64) {
                bytes in
                guard let first = bytes.bindMemory(to: Float.self).baseAddress else { return }
                for task in part { body(task, first, first + scratchCount) }
            }
        }
    }

    private static func span(_ extent: Int) -> aviary_span { aviary_span(begin: 0, end: Int64(extent)) }

    /// An extent in blocks.
    private static func spans(_ extent: Int) -> [aviary_span] {
        stride(from: 0, to: extent, by: block).map {
            aviary_span(begin: Int64($0), end: Int64(min($0 + block, extent)))
        }
    }
}

// MARK: What the C functions are given

extension FastAttention {
    private static func arguments(_ shape: AttentionShape, _ rule: AttentionRule) -> aviary_attention {
        var arguments = aviary_attention()
        arguments.heads_per_batch = Int64(max(1, shape.heads))
        arguments.queries = Int64(shape.queries)
        arguments.keys = Int64(shape.keys)
        arguments.depth = Int64(shape.depth)
        arguments.width = Int64(shape.width)
        arguments.scale = Float(rule.scale)
        arguments.causal = rule.isCausal
        if let dropout = rule.dropout {
            arguments.drops = true
            arguments.dropout = dropout.arguments
        }
        return arguments
    }

    private static func arguments<T: AttentionElement & StoredReal>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        _ products: AttentionProducts
    ) -> aviary_attention where T.Real == Float {
        var arguments = arguments(shape, rule)
        arguments.query = inputs.query.bridged
        arguments.key = inputs.key.bridged
        arguments.value = inputs.value.bridged
        arguments.kind = T.kind.inLoops
        let wantsPairs = products == .pairs || products == .fastest && aviary_pairs_are_faster()
        arguments.uses_pairs = wantsPairs && aviary_attention_can_use_pairs(&arguments)
        if let mask = inputs.mask {
            switch mask.elements {
            case .takingPart(let bytes): arguments.taken = bytes
            case .added(let numbers): arguments.added = numbers
            }
            arguments.mask_batch_step = Int64(mask.steps[0])
            arguments.mask_head_step = Int64(mask.steps[1])
            arguments.mask_query_step = Int64(mask.steps[2])
            arguments.mask_key_step = Int64(mask.steps[3])
        }
        return arguments
    }
}

extension AttentionNormalizers where Real == Float {
    fileprivate var bridged: aviary_normalizers {
        aviary_normalizers(greatest: greatest, inverses: inverses)
    }
}

extension HeadRows {
    fileprivate var bridged: aviary_head_rows {
        aviary_head_rows(
            first: UnsafeMutableRawPointer(first), batch_step: Int64(steps.batch),
            head_step: Int64(steps.head), row_step: Int64(steps.row))
    }
}
