import HTTPTypes

extension MLflowEndpoint {
    /// What this server can do beyond the core; clients ask before a first download and keep it for a minute.
    static let serverInfo = MLflowEndpoint(
        .get, at: "/3.0/mlflow/server-info", reading: { _ in },
        answering: { _ in
            [
                "store_type": .text("SqlStore"),
                "workspaces_enabled": .bool(false),
                "trace_archival_enabled": .bool(false),
                // Files may come in parts, but whoever is not told to sends them whole, which any proxy lets through.
                "multipart_uploads_enabled": .bool(false),
                "multipart_downloads_enabled": .bool(false),
                "presigned_upload_run_id_supported": .bool(false),
                "presigned_upload_model_id_supported": .bool(false),
                "features_enabled": ["gateway": .bool(false)],
            ]
        })
}
