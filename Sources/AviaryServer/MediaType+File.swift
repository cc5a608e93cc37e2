extension MediaType {
    /// The type of a file by its name; what is text for people is plain text, as with MLflow.
    package static func ofFile(named name: String) -> String {
        if texts.contains(ending(of: name) ?? name) { return "text/plain" }
        var name = name.lowercased()
        if name.hasSuffix(".tgz") { return "application/x-tar" }
        // Compressed, it is still what it was.
        if compressions.contains(ending(of: name) ?? "") {
            name = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
        }
        return ending(of: name).flatMap { types[$0] } ?? "application/octet-stream"
    }

    /// What stands behind the last point, unless the name begins with it.
    private static func ending(of name: String) -> String? {
        guard let point = name.lastIndex(of: "."), point > name.startIndex else { return nil }
        return String(name[name.index(after: point)...])
    }

    private static let compressions: Set<String> = ["br", "bz2", "gz", "xz", "z"]

    /// Endings, and whole names of files that have none.
    private static let texts: Set<String> = [
        "txt", "log", "err", "cfg", "conf", "cnf", "cf", "ini", "properties", "prop", "hocon", "toml", "yaml",
        "yml", "xml", "json", "js", "py", "py3", "csv", "tsv", "md", "rst", "ipynb", "MLmodel", "mlproject",
    ]

    /// By ending in lower case.
    private static let types: [String: String] = [
        "aac": "audio/aac", "aif": "audio/x-aiff", "aiff": "audio/x-aiff", "avi": "video/x-msvideo",
        "avif": "image/avif", "bat": "text/plain", "bin": "application/octet-stream", "bmp": "image/bmp",
        "c": "text/plain", "css": "text/css", "csv": "text/csv", "doc": "application/msword",
        "eps": "application/postscript", "gif": "image/gif", "h": "text/plain", "h5": "application/x-hdf5",
        "hdf": "application/x-hdf", "heic": "image/heic", "htm": "text/html", "html": "text/html",
        "ico": "image/vnd.microsoft.icon", "jpe": "image/jpeg", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "js": "text/javascript", "json": "application/json", "m3u": "application/vnd.apple.mpegurl",
        "mjs": "text/javascript", "mov": "video/quicktime", "mp2": "audio/mpeg", "mp3": "audio/mpeg",
        "mp4": "video/mp4", "mpeg": "video/mpeg", "mpg": "video/mpeg", "nc": "application/x-netcdf",
        "opus": "audio/opus", "pbm": "image/x-portable-bitmap", "pdf": "application/pdf",
        "pgm": "image/x-portable-graymap", "png": "image/png", "pnm": "image/x-portable-anymap",
        "ppm": "image/x-portable-pixmap", "ppt": "application/vnd.ms-powerpoint",
        "ps": "application/postscript", "py": "text/x-python", "pyc": "application/x-python-code",
        "sh": "application/x-sh", "svg": "image/svg+xml", "tar": "application/x-tar",
        "tex": "application/x-tex", "tif": "image/tiff", "tiff": "image/tiff",
        "tsv": "text/tab-separated-values", "txt": "text/plain", "vtt": "text/vtt",
        "wasm": "application/wasm", "wav": "audio/x-wav", "webm": "video/webm", "webp": "image/webp",
        "xls": "application/vnd.ms-excel", "xml": "text/xml", "zip": "application/zip",
    ]
}
