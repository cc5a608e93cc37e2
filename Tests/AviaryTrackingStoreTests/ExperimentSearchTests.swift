import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

struct ExperimentSearchTests {
    @Test func `every test finds what a plain search finds`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            let pattern = try SearchPattern("^e[0-4]$")
            let time = all[5].createdAt.milliseconds
            let tests: [ExperimentTest] = [
                .id(.among([1, 3, 99])), .id(.notAmong([1, 3])), .name(.equal("e1")), .name(.notEqual("e1")),
                .name(.like("E%", ignoringCase: false)), .name(.like("E%", ignoringCase: true)),
                .name(.matches(pattern)), .name(.among(["e1", "Default"])), .name(.present), .name(.missing),
                .time(.creation, .compare(.lessOrEqual, time)), .time(.creation, .compare(.greater, time)),
                .time(.lastUpdate, .compare(.greaterOrEqual, 0)), .time(.lastUpdate, .missing),
                .tag("n", .number(.greater, 3)), .tag("n", .text(.equal("4"))), .tag("n", .text(.missing)),
                .tag("n", .text(.present)), .tag("n", .text(.notEqual("4"))), .tag("none", .text(.missing)),
            ]
            for test in tests {
                for filter in [SearchTree.test(test), .not(.test(test))] {
                    for lifecycle in [Lifecycle.active, .deleted, .any] {
                        let question = ExperimentQuestion(
                            lifecycle: lifecycle, filter: filter, order: [SearchOrder(.id)], limit: 99)
                        let expected = all.filter { experiment in
                            PlainSearch.fits(experiment.isDeleted, lifecycle)
                                && filter.holds { Self.holds($0, of: experiment) }
                        }
                        #expect(try await store.searchExperiments(question).things == expected, "\(filter)")
                    }
                }
            }
        }
    }

    @Test func `the latest come first, and equals by their number`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            let latest = all.sorted { ($1.createdAt, $0.id) < ($0.createdAt, $1.id) }.map(\.id)
            #expect(try await Self.ids(store, []) == latest)
            #expect(
                try await Self.ids(store, [SearchOrder(.id, isAscending: false)]) == all.map(\.id).reversed())
            let byName = all.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.map(\.id)
            #expect(try await Self.ids(store, [SearchOrder(.name)]) == byName)
            #expect(
                try await Self.ids(store, [SearchOrder(.name, isAscending: false)]) == byName.reversed())
            let updated = all.sorted { ($0.updatedAt, $1.id) < ($1.updatedAt, $0.id) }.map(\.id)
            #expect(try await Self.ids(store, [SearchOrder(.time(.lastUpdate))]) == updated)
        }
    }

    @Test func `pages follow each other`() async throws {
        try await withStore { store in
            let count = try await Self.fill(store).count
            var question = ExperimentQuestion(lifecycle: .any, order: [SearchOrder(.id)], limit: 4)
            var ids: [Int64] = []
            while true {
                let found = try await store.searchExperiments(question)
                ids += found.things.map(\.id)
                guard found.hasMore else { break }
                question.offset += 4
            }
            #expect(ids == (0..<Int64(count)).map { $0 })
        }
    }

    private static func ids(
        _ store: SQLiteStore, _ order: [SearchOrder<ExperimentField>]
    ) async throws -> [Int64] {
        try await store.searchExperiments(ExperimentQuestion(lifecycle: .any, order: order, limit: 99))
            .things.map(\.id)
    }

    /// Twelve experiments by number, of which some are in the trash.
    private static func fill(_ store: SQLiteStore) async throws -> [Experiment] {
        for number in 0..<11 {
            let tags: [ExactKey: String] = number.isMultiple(of: 3) ? [:] : ["n": "\(number)"]
            _ = try await store.createExperiment(NewExperiment(name: "e\(number)", tags: tags))
        }
        for id in [Int64(3), 8] { try await store.deleteExperiment(id) }
        var all: [Experiment] = []
        for id in Int64(0)...11 { all.append(try await store.experiment(id)) }
        return all
    }

    private static func holds(_ test: ExperimentTest, of experiment: Experiment) -> Bool {
        switch test {
        case .id(.among(let ids)): ids.contains(experiment.id)
        case .id(.notAmong(let ids)): !ids.contains(experiment.id)
        case .name(let test): PlainSearch.holds(test, experiment.name)
        case .time(.creation, let test): PlainSearch.holds(test, experiment.createdAt.milliseconds)
        case .time(.lastUpdate, let test): PlainSearch.holds(test, experiment.updatedAt.milliseconds)
        case .tag(let key, let test): PlainSearch.holds(test, experiment.tags[key])
        }
    }
}
