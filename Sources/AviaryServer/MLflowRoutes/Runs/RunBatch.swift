import AviaryTracking
import AviaryTrackingStore

/// What one request logs into a run.
struct RunBatch: Sendable {
    let run: String
    private(set) var points: [MetricPoint] = []
    private(set) var links: [PointLink] = []
    private(set) var params: [ExactKey: String] = [:]
    private(set) var tags: [ExactKey: String] = [:]
    /// The keys of params as they came.
    private(set) var paramOrder: [ExactKey] = []

    init(metric fields: WireFields) throws(MLflowError) {
        run = try fields.runID()
        let metric = try Metric(fields)
        try metric.check()
        add(metric)
    }

    init(param fields: WireFields) throws(MLflowError) {
        run = try fields.runID()
        let pair = try Pair(fields)
        try NameRules.param(pair.key)
        add(param: pair)
    }

    init(tag fields: WireFields) throws(MLflowError) {
        run = try fields.runID()
        let pair = try Pair(fields)
        try NameRules.tag(pair.key)
        tags = [ExactKey(pair.key): LengthRules.runTagValue(pair.value)]
    }

    /// Everything is read before anything is checked: what cannot be read is told first, as MLflow does.
    init(batch fields: WireFields) throws(MLflowError) {
        run = try fields.text(required: "run_id")
        let metrics = try Self.each(fields.messages("metrics")) { fields throws(MLflowError) in
            try Metric(fields)
        }
        let params = try Self.each(fields.messages("params")) { fields throws(MLflowError) in try Pair(fields)
        }
        let tags = try Self.each(fields.messages("tags")) { fields throws(MLflowError) in try Pair(fields) }
        try NameRules.runID(run)
        try BatchRules.check(metrics: metrics.count, params: params.count, tags: tags.count)
        for (index, metric) in metrics.enumerated() {
            try metric.check(in: "metrics[\(index)]")
            add(metric)
        }
        for (index, param) in params.enumerated() {
            try NameRules.param(param.key, in: "params[\(index)]")
        }
        try Self.refuseRepeated(params)
        for param in params { add(param: param) }
        for (index, tag) in tags.enumerated() {
            try NameRules.tag(tag.key, in: "tags[\(index)]")
            self.tags[tag.key] = LengthRules.runTagValue(tag.value)
        }
    }

    private mutating func add(_ metric: Metric) {
        points.append(metric.point)
        if let link = metric.link { links.append(link) }
    }

    private mutating func add(param: Pair) {
        params[param.key] = LengthRules.paramValue(param.value)
        paramOrder.append(ExactKey(param.key))
    }

    private static func each<Thing>(
        _ messages: [WireFields], _ read: (WireFields) throws(MLflowError) -> Thing
    ) throws(MLflowError) -> [Thing] {
        var things: [Thing] = []
        for message in messages { things.append(try read(message)) }
        return things
    }

    private static func refuseRepeated(_ params: [Pair]) throws(MLflowError) {
        var seen: Set<ExactKey> = []
        var repeated: [ExactKey] = []
        for key in params.map({ ExactKey($0.key) })
        where !seen.insert(key).inserted && !repeated.contains(key) {
            repeated.append(key)
        }
        guard repeated.isEmpty else {
            let keys = repeated.map(\.text.pythonLiteral).joined(separator: ", ")
            throw .invalid(
                "Duplicate parameter keys have been submitted: [\(keys)]. Please ensure the request contains "
                    + "only one param value per param key.")
        }
    }
}

/// A param or a tag as it was sent.
private struct Pair {
    let key: String
    let value: String

    init(_ fields: WireFields) throws(MLflowError) {
        key = try fields.text(required: "key")
        value = try fields.text("value") ?? ""
    }
}

/// A point as it was sent.
private struct Metric {
    let point: MetricPoint
    private let model: String?
    private let datasetName: String
    private let datasetDigest: String

    init(_ fields: WireFields) throws(MLflowError) {
        let key = try fields.text(required: "key")
        let value = try fields.double(required: "value")
        let timestamp = try fields.integer(required: "timestamp")
        let step = try fields.integer("step") ?? 0
        point = MetricPoint(key: key, value: value, step: step, timestamp: Timestamp(milliseconds: timestamp))
        model = try fields.text("model_id")
        datasetName = try fields.text("dataset_name") ?? ""
        datasetDigest = try fields.text("dataset_digest") ?? ""
    }

    /// Without a model nothing is kept of the data.
    var link: PointLink? {
        guard let model, !model.isEmpty else { return nil }
        return PointLink(point, model: model, datasetName: datasetName, datasetDigest: datasetDigest)
    }

    func check(in item: String? = nil) throws(MLflowError) {
        try NameRules.metric(point.key, in: item)
        try TimeRules.check(
            milliseconds: point.timestamp.milliseconds, ofMetric: point.key, value: point.value, in: item)
    }
}
