import AviaryTracking
import GRDB

/// Finds the version that a name stands for.
enum NamedVersionQuery {
    /// By an alias; `latest`, in capitals or not, is the greatest number.
    static func version(aliased alias: String, of name: String, _ db: Database) throws -> ModelVersion {
        let model = try RegisteredModelTable.get(name, db)
        guard alias.lowercased() != "latest" else {
            guard let newest = try newest(among: ModelStage.allCases, of: model, db) else {
                throw TrackingError.registry(.noLatestVersion(model: name))
            }
            return newest
        }
        guard let number = try ModelAliasTable.version(alias, of: model.id, db) else {
            throw TrackingError.registry(.aliasNotFound(alias))
        }
        return try ModelVersionTable.get(ModelVersionID(name, number), db)
    }

    /// By what stands in the source of another version.
    static func version(
        _ name: VersionName, of model: RegisteredModelRow, _ db: Database
    ) throws -> ModelVersion {
        switch name {
        case .number(let digits):
            guard let number = Int64(digits) else {
                throw TrackingError.registry(.versionNotFound(model: model.name, version: digits))
            }
            return try ModelVersionTable.get(ModelVersionID(model.name, number), db)
        case .alias(let alias): return try version(aliased: alias, of: model.name, db)
        case .latest: return try newest(inStage: nil, of: model, db)
        case .stage(let stage): return try newest(inStage: stage, of: model, db)
        }
    }

    /// In any stage where none is named.
    private static func newest(
        inStage name: String?, of model: RegisteredModelRow, _ db: Database
    ) throws -> ModelVersion {
        var stages = ModelStage.allCases
        if let name {
            guard let stage = ModelStage(named: name) else {
                throw TrackingError.registry(.unknownStage(name))
            }
            stages = [stage]
        }
        guard let newest = try newest(among: stages, of: model, db) else {
            throw TrackingError.registry(.noVersion(model: model.name, stage: name))
        }
        return newest
    }

    private static func newest(
        among stages: [ModelStage], of model: RegisteredModelRow, _ db: Database
    ) throws -> ModelVersion? {
        try ModelVersionTable.latest(of: model.id, db).filter { stages.contains($0.stage) }
            .max { $0.number < $1.number }
    }
}
