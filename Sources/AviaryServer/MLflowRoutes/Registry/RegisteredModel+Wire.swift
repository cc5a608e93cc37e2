import AviaryTracking

extension RegisteredModel {
    /// The model; its latest versions do not tell their aliases, which it tells itself.
    var wire: WireObject {
        [
            "name": .text(name),
            "creation_timestamp": .integer(createdAt.milliseconds),
            "last_updated_timestamp": .integer(updatedAt.milliseconds),
            "description": description.flatMap { $0.isEmpty ? nil : .text($0) } ?? .null,
            "latest_versions": .list(latestVersions.map(\.wireWithoutAliases)),
            "tags": .pairs(tags),
            "aliases": .array(
                aliases.sorted { $0.key < $1.key }
                    .map { ["alias": .text($0.key.text), "version": .text(String($0.value))] }),
        ]
    }
}

extension ModelVersion {
    /// The whole version.
    ///
    /// The protocol has no field for the logged model, and a version is ready as soon as it is made.
    var wire: WireObject {
        var wire = wireWithoutAliases
        wire.set("aliases", .list(aliases))
        return wire
    }

    /// The version as MLflow lists it among others.
    var wireWithoutAliases: WireObject {
        [
            "name": .text(model),
            "version": .text(String(number)),
            "creation_timestamp": .integer(createdAt.milliseconds),
            "last_updated_timestamp": .integer(updatedAt.milliseconds),
            "current_stage": .text(stage.rawValue),
            "description": .optional(description),
            "source": .text(source),
            "run_id": .optional(run),
            "status": .text("READY"),
            "run_link": .optional(runLink),
            "tags": .pairs(tags),
        ]
    }
}
