// swift-tools-version: 6.2
import PackageDescription

// The map of the house: one entry per module with all that it may import.
// docs/ARCHITECTURE.md draws it; an arrow that is not here does not build (`make test` checks imports).

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A C shim: headers and a few lines onto a system library, nothing else.
func shim(_ name: String, links libraries: [String] = []) -> Target {
    .target(name: name, linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// A folder of files that `embed.c` puts into the binary with `#embed`.
func files(_ name: String, in folder: String, exclude: [String]) -> Target {
    .target(name: name, path: folder, exclude: exclude, sources: ["embed.c"], publicHeadersPath: "include")
}

func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = true) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)",
        exclude: fixtures ? ["Fixtures"] : [], swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let numericWing: [Target] = [
    shim("CAviaryOneDNN", links: ["dnnl"]),
    shim("CAviaryOpenBLAS", links: ["openblas"]),
    shim("CAviaryKernels", links: ["gomp", "m"]),
    module("AviaryKernels", ["AviaryFiles", "CAviaryOneDNN", "CAviaryOpenBLAS", "CAviaryKernels"]),
    tests("AviaryKernelsTests", ["AviaryKernels", "CAviaryOneDNN"], fixtures: false),
    module("AviaryTensors", ["AviaryKernels"]),
    module("AviaryAutograd", ["AviaryTensors"]),
    module("AviaryLayers", ["AviaryAutograd", "AviaryTensors"]),
    module("AviaryOptimizers", ["AviaryAutograd", "AviaryTensors"]),
    shim("CAviaryImage", links: ["png", "turbojpeg"]),
    shim("CAviaryZlib", links: ["z"]),
    module("AviaryDatasets", ["AviaryFiles", "AviaryTensors", "CAviaryImage", "CAviaryZlib", crypto]),
    tests("AviaryDatasetsTests", ["AviaryDatasets"]),
    module("AviaryCheckpoints", ["AviaryFiles", "AviaryTensors", crypto]),
    module(
        "AviaryTraining",
        [
            "AviaryTracking", "AviaryAutograd", "AviaryLayers", "AviaryOptimizers", "AviaryCheckpoints",
            "AviaryDatasets", "AviaryTensors",
        ]),
    tests("AviaryCheckpointsTests", ["AviaryCheckpoints", "AviaryTensors"], fixtures: false),
    tests(
        "AviaryTrainingTests",
        [
            "AviaryTraining", "AviaryModels", "AviaryLayers", "AviaryOptimizers", "AviaryCheckpoints",
            "AviaryDatasets", "AviaryTracking", "AviaryAutograd", "AviaryTensors", "AviaryTestSupport",
        ]),
    module("AviaryModels", ["AviaryLayers", "AviaryAutograd", "AviaryTensors"]),
    tests(
        "AviaryLayersTests",
        ["AviaryLayers", "AviaryModels", "AviaryAutograd", "AviaryTensors", "AviaryTestSupport"]),
    .target(
        name: "AviaryTestSupport", dependencies: ["AviaryAutograd", "AviaryTensors"], path: "Tests/Support",
        swiftSettings: strict),
    tests(
        "AviaryModelsTests",
        [
            "AviaryModels", "AviaryLayers", "AviaryOptimizers", "AviaryAutograd", "AviaryTensors",
            "AviaryTestSupport",
        ]),
    tests(
        "AviaryOptimizersTests",
        ["AviaryOptimizers", "AviaryAutograd", "AviaryTensors", "AviaryKernels", "AviaryTestSupport"]),
    tests("AviaryTensorsTests", ["AviaryTensors", "AviaryKernels", "AviaryTestSupport"]),
    tests("AviaryAutogradTests", ["AviaryAutograd", "AviaryTensors", "AviaryTestSupport"]),
]

let composition: [Target] = [
    module("AviaryRecipes", ["AviaryFiles", "AviaryZooFiles", yams]),
    tests("AviaryRecipesTests", ["AviaryRecipes"], fixtures: false),
    module(
        "AviaryZoo",
        [
            "AviaryRecipes", "AviaryDatasets", "AviaryModels", "AviaryTraining", "AviaryCheckpoints",
            "AviaryLayers", "AviaryOptimizers", "AviaryAutograd", "AviaryTensors", "AviaryTracking",
        ]),
    tests(
        "AviaryZooTests",
        ["AviaryZoo", "AviaryRecipes", "AviaryTraining", "AviaryOptimizers", "AviaryDatasets"],
        fixtures: false),
]

let floor: [Target] = [
    module("AviaryFiles"),
    tests("AviaryFilesTests", ["AviaryFiles"], fixtures: false),
    files("AviaryZooFiles", in: "zoo", exclude: ["catalogue.yml", "cards", "recipes", "weights"]),
    shim("CAviaryCurl", links: ["curl"]),
    module("AviaryTransfer", ["AviaryFiles", "CAviaryCurl", crypto]),
    module("AviaryCatalogue", ["AviaryTransfer", "AviaryZooFiles", crypto, yams]),
    tests("AviaryTransferTests", ["AviaryTransfer", crypto], fixtures: false),
    tests(
        "AviaryCatalogueTests", ["AviaryCatalogue", "AviaryTransfer", "AviaryZooFiles", crypto],
        fixtures: false),
]

let webPages = [
    "api", "app", "charts", "icon.svg", "index.html", "model.html", "models.html", "package.json", "run.html",
    "styles", "tests", "text", "tsconfig.json",
]

let recordWing: [Target] = [
    files("AviaryMigrationFiles", in: "migrations", exclude: ["sqlite"]),
    shim("CAviarySQLite", links: ["sqlite3"]),
    module("AviaryTracking"),
    module("AviarySearchGrammar"),
    .target(name: "AviaryFuzzing", path: "Tests/Fuzzing", swiftSettings: strict),
    tests("AviarySearchGrammarTests", ["AviarySearchGrammar", "AviaryFuzzing"], fixtures: false),
    module("AviaryArtifacts", ["AviaryFiles", crypto]),
    module(
        "AviaryTrackingStore",
        [
            "AviaryFiles", "AviaryTracking", "AviarySearchGrammar", "AviaryArtifacts", "AviaryMigrationFiles",
            "CAviarySQLite",
            grdb,
        ]),
    module("AviaryTrackingClient", ["AviaryFiles", "AviaryTracking", "AviaryTrackingStore"]),
    files("AviaryWebFiles", in: "web", exclude: webPages),
    module(
        "AviaryServer",
        [
            "AviaryTracking", "AviarySearchGrammar", "AviaryTrackingStore", "AviaryArtifacts",
            "AviaryCatalogue",
            "AviaryWebFiles", hummingbird, lifecycle, logging,
        ]),
    tests(
        "AviaryTrackingClientTests", ["AviaryTrackingClient", "AviaryTrackingStore", "AviaryTracking"],
        fixtures: false),
    tests(
        "AviaryServerTests",
        [
            "AviaryServer", "AviaryCatalogue", "AviaryTrackingStore", "AviaryTracking", "AviaryArtifacts",
            "AviaryWebFiles", "AviaryFuzzing", hummingbird, lifecycle, logging,
        ], fixtures: false),
    tests("AviaryTrackingTests", ["AviaryTracking"], fixtures: false),
    tests("AviaryArtifactsTests", ["AviaryArtifacts"], fixtures: false),
    tests(
        "AviaryTrackingStoreTests",
        [
            "AviaryTrackingStore", "AviarySearchGrammar", "AviaryArtifacts", "AviaryTracking",
            "AviaryMigrationFiles", "AviaryFuzzing", grdb,
        ], fixtures: false),
]

let roof: [Target] = [
    .executableTarget(
        name: "aviary",
        dependencies: [
            "AviaryZoo", "AviaryRecipes", "AviaryTraining", "AviaryTracking", "AviaryTrackingStore",
            "AviarySearchGrammar", "AviaryTrackingClient", "AviaryServer", "AviaryCatalogue",
            "AviaryDatasets", "AviaryKernels",
            "AviaryFiles", "AviaryAutograd", argumentParser,
        ],
        swiftSettings: strict)
]

/// What a user's own program may import.
let published = [
    "AviaryTensors",
    "AviaryAutograd",
    "AviaryLayers",
    "AviaryOptimizers",
    "AviaryCheckpoints",
    "AviaryDatasets",
    "AviaryModels",
    "AviaryTraining",
    "AviaryTracking",
    "AviaryTrackingClient",
    "AviaryCatalogue",
]

let package = Package(
    name: "aviary",
    products: [.executable(name: "aviary", targets: ["aviary"])]
        + published.map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: numericWing + composition + floor + recordWing + roof,
    cLanguageStandard: .gnu2x
)
