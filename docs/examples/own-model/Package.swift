// swift-tools-version: 6.2
import PackageDescription

// Only the products that are imported: no server is built with this program.
let package = Package(
    name: "own-model",
    dependencies: [.package(name: "aviary", path: "../../..")],
    targets: [
        .executableTarget(
            name: "own-model",
            dependencies: [
                .product(name: "AviaryTensors", package: "aviary"),
                .product(name: "AviaryAutograd", package: "aviary"),
                .product(name: "AviaryLayers", package: "aviary"),
                .product(name: "AviaryDatasets", package: "aviary"),
                .product(name: "AviaryTraining", package: "aviary"),
                .product(name: "AviaryTracking", package: "aviary"),
                .product(name: "AviaryTrackingClient", package: "aviary"),
            ]),
        // An operation of one's own, with what it needs and no more.
        .executableTarget(
            name: "own-operation",
            dependencies: [
                .product(name: "AviaryTensors", package: "aviary"),
                .product(name: "AviaryAutograd", package: "aviary"),
            ]),
    ]
)
