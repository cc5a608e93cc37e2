import Hummingbird

/// Says that the server answers.
struct HealthRoute {
    func add(to router: Router<ServerContext>) {
        router.get("/health") { _, _ in "OK" }
    }
}
