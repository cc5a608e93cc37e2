import AviaryTracking

extension MLflowError {
    /// What a client of MLflow is told when the registry says no: its words are the protocol's.
    init(_ error: RegistryError) {
        let code: Code =
            switch error {
            case .modelNotFound, .versionNotFound, .noLatestVersion, .noVersion: .resourceDoesNotExist
            case .modelExists: .resourceAlreadyExists
            case .aliasNotFound, .unknownStage, .notActive, .source: .invalidParameterValue
            }
        self.init(code, error.description)
    }
}

extension APIError {
    /// The same of our own interface.
    init(_ error: RegistryError) {
        let code: Code =
            switch error {
            case .modelNotFound, .versionNotFound, .noLatestVersion, .noVersion, .aliasNotFound: .notFound
            case .modelExists: .conflict
            case .unknownStage, .notActive, .source: .invalid
            }
        self.init(code, error.description)
    }
}
