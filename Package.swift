// swift-tools-version: 6.1
import PackageDescription

// The layers of docs/architecture.md: a target may import only what stands here, and
// Tests/LayerTests reads the sources to hold it (SwiftPM lets a transitive import through).
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .unsafeFlags(["-warnings-as-errors"]),
]

let package = Package(
    name: "dutyclock",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "dutyclock", targets: ["dutyclock"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CRdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSpawn"),
        .target(name: "Duty", swiftSettings: strict),
        .target(name: "Kafka", dependencies: ["CRdkafka"], swiftSettings: strict),
        .target(
            name: "Telemetry",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .target(name: "Schemas", dependencies: ["Duty"], swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "Duty",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Delivery",
            dependencies: [
                "CCurl", "CSpawn", "Duty", "DutyConfig", "Telemetry",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "DutyConfig",
            dependencies: ["Duty", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "Engine",
            dependencies: ["Duty", "Kafka", "Storage", "Telemetry"],
            swiftSettings: strict
        ),
        .target(
            name: "Console",
            dependencies: [
                "Duty", "Engine", "Schemas", "Storage", "Telemetry",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ProviderDouble",
            dependencies: [
                "Duty",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "dutyclock",
            dependencies: [
                "Console", "Delivery", "Duty", "DutyConfig", "Engine", "Kafka", "ProviderDouble", "Schemas",
                "Storage", "Telemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Duty", "DutyConfig", "Engine", "Kafka", "Storage", "Telemetry",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Bench",
            swiftSettings: strict
        ),
        .testTarget(
            name: "DutyTests",
            dependencies: ["Duty"],
            exclude: ["Resources"],
            swiftSettings: strict
        ),
        .testTarget(name: "KafkaTests", dependencies: ["Kafka"], swiftSettings: strict),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Telemetry", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .testTarget(name: "StorageTests", dependencies: ["Duty", "Storage"], swiftSettings: strict),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Duty", "DutyConfig"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DutyConfigTests",
            dependencies: ["Delivery", "Duty", "DutyConfig"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EngineTests",
            dependencies: ["Duty", "DutyConfig", "Engine", "Kafka", "Storage", "Telemetry"],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", "Duty", "DutyConfig", "Engine", "Kafka", "Storage", "Telemetry",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "LayerTests", swiftSettings: strict),
        .testTarget(
            name: "ProviderDoubleTests",
            dependencies: ["Duty", "ProviderDouble"],
            swiftSettings: strict
        ),
        .testTarget(name: "SchemasTests", dependencies: ["Duty", "Schemas"], swiftSettings: strict),
    ]
)
