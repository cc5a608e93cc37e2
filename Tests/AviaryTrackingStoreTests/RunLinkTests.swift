import AviaryTracking
import AviaryTrackingStore
import Testing

struct RunLinkTests {
    private let digits = Dataset(
        name: "digits", digest: "1a", sourceType: "local", source: "{}", schema: "s", profile: "p")

    @Test func `what a run read and made comes back`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let input = DatasetInput(digits, tags: ["mlflow.data.context": "training"])
            try await store.logInputs(run, datasets: [input], models: ["b", "a"])
            try await store.logOutputs(
                run, [ModelOutput(model: "z", step: 0), ModelOutput(model: "y", step: 3)])
            let links = RunLinks(
                datasets: [input], modelInputs: ["a", "b"],
                modelOutputs: [ModelOutput(model: "z", step: 0), ModelOutput(model: "y", step: 3)])
            #expect(try await store.links(of: run) == links)
            #expect(try await store.linkedRun(run).links == links)
        }
    }

    @Test func `a data set is one in its experiment, and what was first said stays`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let second = try await store.begin()
            let changed = Dataset(name: "digits", digest: "1a", sourceType: "http", source: "other")
            let tagged = DatasetInput(digits, tags: ["mlflow.data.context": "training"])
            try await store.logInputs(
                run, datasets: [tagged, DatasetInput(changed, tags: ["mlflow.data.context": "late"])],
                models: [])
            try await store.logInputs(run, datasets: [DatasetInput(changed, tags: ["a": "b"])], models: [])
            #expect(try await store.links(of: run).datasets == [tagged])
            try await store.logInputs(second, datasets: [DatasetInput(changed)], models: [])
            #expect(try await store.links(of: second).datasets == [DatasetInput(digits)])
            let elsewhere = try await store.begin(in: "elsewhere")
            try await store.logInputs(elsewhere, datasets: [DatasetInput(changed)], models: [])
            #expect(try await store.links(of: elsewhere).datasets == [DatasetInput(changed)])
            let uses = try await store.datasets(in: [1, 2], limit: 9)
            #expect(
                uses.map { "\($0.experiment) \($0.name) \($0.digest) \($0.context ?? "-")" } == [
                    "1 digits 1a -", "1 digits 1a training", "2 digits 1a -",
                ])
            #expect(try await store.datasets(in: [1, 2], limit: 1).count == 1)
            #expect(try await store.datasets(in: [0], limit: 9).isEmpty)
        }
    }

    @Test func `a model is noted once, at one step`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            for _ in 0..<2 { try await store.logOutputs(run, [ModelOutput(model: "m", step: 2)]) }
            let moved = TrackingError.invalid(
                field: "models", problem: "'m' is noted at step 2 and cannot move to 3")
            await #expect(throws: moved) {
                try await store.logOutputs(
                    run, [ModelOutput(model: "n", step: 0), ModelOutput(model: "m", step: 3)])
            }
            #expect(try await store.links(of: run).modelOutputs == [ModelOutput(model: "m", step: 2)])
        }
    }

    @Test(
        arguments: [
            Dataset(name: "", digest: "d", sourceType: "", source: ""),
            Dataset(name: "n", digest: "", sourceType: "", source: ""),
            Dataset(name: String(repeating: "n", count: 501), digest: "d", sourceType: "", source: ""),
            Dataset(name: "n", digest: String(repeating: "d", count: 37), sourceType: "", source: ""),
            Dataset(
                name: "n", digest: "d", sourceType: "", source: String(repeating: "s", count: 65_536)),
            Dataset(
                name: "n", digest: "d", sourceType: "", source: "",
                schema: String(repeating: "s", count: 1_048_576)),
        ])
    func `a data set that does not fit is refused`(dataset: Dataset) async throws {
        try await withStore { store in
            let run = try await store.begin()
            await #expect(throws: TrackingError.self) {
                try await store.logInputs(run, datasets: [DatasetInput(dataset)], models: [])
            }
            #expect(try await store.links(of: run) == RunLinks())
        }
    }
}
