/// One key of the order as it was asked for.
struct LoggedModelOrderClause: Sendable, Equatable {
    let field: String
    let isAscending: Bool
    let datasetName: String?
    let datasetDigest: String?
}

/// What a search asked for, which the token of its next page remembers: a page of another search would not follow.
struct LoggedModelPageToken: Sendable {
    let experiments: [String]
    let filter: String?
    let order: [LoggedModelOrderClause]

    func text(offset: Int) -> String {
        PageToken.text([
            "experiment_ids": .list(experiments),
            "filter_string": .optional(filter),
            "order_by": order.isEmpty ? .null : .array(order.map(\.json)),
            "offset": .integer(Int64(offset)),
        ])
    }

    /// How many models the pages before have; refused where the token is one of another search.
    func offset(of text: String) throws(MLflowError) -> Int {
        let json = try PageToken.json(in: text)
        guard let token = LoggedModelPageToken(json), case .integer(let offset)? = json["offset"], offset >= 0
        else { throw .invalid("Invalid page token, parsed value=\(json.messageText)") }
        guard token.experiments == experiments else {
            throw Self.mismatch(
                "Experiment IDs", "do", "experiment IDs", experiments.pythonList, token.experiments.pythonList
            )
        }
        guard token.filter == filter else {
            throw Self.mismatch(
                "Filter string", "does", "filter string", filter ?? "None", token.filter ?? "None")
        }
        guard token.order == order else {
            throw Self.mismatch("Order by", "does", "order by", order.pythonText, token.order.pythonText)
        }
        return Int(offset)
    }

    private static func mismatch(
        _ what: String, _ does: String, _ name: String, _ expected: String, _ found: String
    ) -> MLflowError {
        .invalid(
            "\(what) in the page token \(does) not match the requested \(name). "
                + "Expected: \(expected.shortened()). Found: \(found.shortened())")
    }
}

extension LoggedModelPageToken {
    /// Reads what `text` wrote.
    fileprivate init?(_ json: JSONValue) {
        guard case .array(let ids)? = json["experiment_ids"] else { return nil }
        experiments = ids.compactMap(\.wireText)
        filter = json["filter_string"]?.wireText
        switch json["order_by"] {
        case nil, .null: order = []
        case .array(let clauses): order = clauses.compactMap { LoggedModelOrderClause($0) }
        default: return nil
        }
    }
}

extension LoggedModelOrderClause {
    fileprivate init?(_ json: JSONValue) {
        guard let field = json["field_name"]?.wireText, let isAscending = json["ascending"]?.wireBool else {
            return nil
        }
        self.init(
            field: field, isAscending: isAscending, datasetName: json["dataset_name"]?.wireText,
            datasetDigest: json["dataset_digest"]?.wireText)
    }

    fileprivate var json: JSONValue {
        [
            "field_name": .text(field), "ascending": .bool(isAscending),
            "dataset_name": .optional(datasetName),
            "dataset_digest": .optional(datasetDigest),
        ]
    }

    /// As Python prints a dictionary.
    fileprivate var pythonText: String {
        let (name, digest) = (datasetName?.pythonLiteral ?? "None", datasetDigest?.pythonLiteral ?? "None")
        return "{'field_name': \(field.pythonLiteral), 'ascending': \(isAscending ? "True" : "False"), "
            + "'dataset_name': \(name), 'dataset_digest': \(digest)}"
    }
}

extension [LoggedModelOrderClause] {
    fileprivate var pythonText: String {
        isEmpty ? "None" : "[\(map(\.pythonText).joined(separator: ", "))]"
    }
}

extension [String] {
    fileprivate var pythonList: String { "[\(map(\.pythonLiteral).joined(separator: ", "))]" }
}
