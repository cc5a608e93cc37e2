import AviaryServer
import Testing

struct AttachmentTests {
    @Test(
        arguments: [
            ("a.txt", "filename=a.txt"),
            ("with space.txt", "filename=\"with space.txt\""),
            ("quo\"te\\.txt", "filename=\"quo\\\"te\\\\.txt\""),
            ("semi;colon", "filename=\"semi;colon\""),
            ("it's+100%~.txt", "filename=it's+100%~.txt"),
            ("größe.txt", "filename=groe.txt; filename*=UTF-8''gr%C3%B6%C3%9Fe.txt"),
            ("数", "filename=download; filename*=UTF-8''%E6%95%B0"),
            ("ﬁ a+b.txt", "filename=\"fi a+b.txt\"; filename*=UTF-8''%EF%AC%81%20a+b.txt"),
            ("a\r\nb: c", "filename=\"a_b: c\""),
        ])
    func `a name is written so that every browser reads it`(name: String, written: String) {
        #expect(Attachment.disposition(named: name) == "attachment; \(written)")
    }
}

struct MediaTypeTests {
    @Test(
        arguments: [
            ("a.txt", "text/plain"), ("b.json", "text/plain"), ("c.html", "text/html"),
            ("d.png", "image/png"),
            ("MLmodel", "text/plain"), ("model.yaml", "text/plain"), ("x.js", "text/plain"),
            ("photo.JPG", "image/jpeg"), ("g.svg", "image/svg+xml"), ("a.tar", "application/x-tar"),
            ("e", "application/octet-stream"), ("f.unknown", "application/octet-stream"),
            (".txt", "application/octet-stream"), ("png", "application/octet-stream"),
            ("a.", "application/octet-stream"), ("model.pkl", "application/octet-stream"),
            ("txt", "text/plain"), (".hidden.png", "image/png"), (".png", "application/octet-stream"),
            ("x.tar.gz", "application/x-tar"), ("x.tgz", "application/x-tar"),
            ("x.gz", "application/octet-stream"),
            ("a.TXT", "text/plain"), ("x.mjs", "text/javascript"), ("", "application/octet-stream"),
        ])
    func `a file's type is told by its name`(name: String, type: String) {
        #expect(MediaType.ofFile(named: name) == type)
    }
}
