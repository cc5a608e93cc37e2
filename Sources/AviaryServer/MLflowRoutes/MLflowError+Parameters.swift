extension MLflowError {
    private static let reference = "See the API docs for more information about request parameters."

    static func missing(_ parameter: String) -> MLflowError {
        .invalid("Missing value for required parameter '\(parameter)'. \(reference)")
    }

    static func wrongType(_ value: JSONValue, for parameter: String) -> MLflowError {
        .invalidValue(
            value, for: parameter, " Hint: Value was of type '\(value.pythonType)'. \(reference)")
    }

    /// A value that its parameter does not take; `problem` is a sentence of MLflow.
    static func invalidValue(_ value: JSONValue, for parameter: String, _ problem: String) -> MLflowError {
        .invalid("Invalid value \(value.messageText) for parameter '\(parameter)' supplied: \(problem)")
    }

    static func tooLong(_ label: String, limit: Int) -> MLflowError {
        .invalid("'\(label)' exceeds the maximum length of \(limit) characters")
    }
}
