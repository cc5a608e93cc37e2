// swift-tools-version: 6.2
import PackageDescription

// A package of its own, like a user's program: it sees what is public, and the product is built without it.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "aviary", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "aviary-benchmarks",
            dependencies: [
                .product(name: "AviaryTensors", package: "aviary"),
                .product(name: "AviaryAutograd", package: "aviary"),
                .product(name: "AviaryCheckpoints", package: "aviary"),
                .product(name: "AviaryLayers", package: "aviary"),
                .product(name: "AviaryModels", package: "aviary"),
                .product(name: "AviaryOptimizers", package: "aviary"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)])
    ]
)
