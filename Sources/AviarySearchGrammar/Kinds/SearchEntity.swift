/// Which group of a thing's values a key is of; the raw value is MLflow's word for it.
enum SearchEntity: String, CaseIterable {
    case metric
    case param = "parameter"
    case tag
    case attribute
    case dataset

    /// The entity that is meant in a filter; none is written for an attribute.
    init?(_ name: String?) {
        switch name {
        case "metric", "metrics": self = .metric
        case "parameter", "parameters", "param", "params": self = .param
        case "tag", "tags": self = .tag
        case nil, "attribute", "attributes", "attr", "run": self = .attribute
        case "dataset", "datasets": self = .dataset
        default: return nil
        }
    }

    /// The word before a key, as messages write it.
    var plural: String {
        switch self {
        case .metric: "metrics"
        case .param: "params"
        case .tag: "tags"
        case .attribute: "attributes"
        case .dataset: "datasets"
        }
    }
}
