// swift-tools-version: 6.2
import PackageDescription

// The strictest settings the toolchain builds with, for every target alike: a rule with an exception
// is a rule nobody can rely on.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
  .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
  .enableUpcomingFeature("ImmutableWeakCaptures"),  // SE-0481
  // The run-time half of the exclusivity checks stays on in every debug build, where all tests run, and costs a tenth in
  // release. Optimisation across modules is no use: the compiler offers it for what is `public`, not for `package`. (Were
  // all of it public, a request would take 5 % less instructions, and 1 to 2 % less time.)
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// A layer: a target that may import the layers below it and nothing else. The table that this list must
/// agree with is in README.md; Tests/TidyTests holds both to it.
func layer(_ name: String, imports: [String] = [], packages: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: imports.map { .init(stringLiteral: $0) } + packages, swiftSettings: settings)
}

func tests(
  of name: String, imports: [String] = [], packages: [Target.Dependency] = [], vectors: Bool = false,
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: ([name] + imports).map { .init(stringLiteral: $0) } + packages,
    exclude: (vectors ? ["Vectors"] : []) + exclude, swiftSettings: settings)
}

let package = Package(
  name: "peergate",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // 0  Bytes, grammars, bytes between machines, and the C libraries
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    layer("Bytes"),
    layer("HTTP", imports: ["Bytes"]),
    layer("JSON", imports: ["Bytes"]),
    layer("Sockets", imports: ["Bytes", "CLinux"]),

    // 1
    layer("HCL", imports: ["Bytes", "JSON"]),
    layer("Digests", imports: ["Bytes", "COpenSSL"]),

    // 2
    layer("Peering", imports: ["Bytes", "HTTP", "JSON", "Digests"]),
    layer("TLS", imports: ["Bytes", "COpenSSL", "Sockets"]),
    layer("Audit", imports: ["Bytes", "CLinux", "JSON", "Digests"]),

    // 3
    layer("Policy", imports: ["Bytes", "Peering", "HCL", "JSON", "Digests"]),
    layer("Messages", imports: ["Bytes", "HTTP", "Sockets", "TLS"]),

    // 4
    layer(
      "Record", imports: ["Bytes", "HTTP", "Sockets", "Peering", "Audit", "Policy", "Messages"]),

    // 5
    layer(
      "Consul",
      imports: ["Bytes", "HTTP", "Sockets", "Peering", "TLS", "Audit", "Policy", "Messages", "Record"],
      packages: [.product(name: "Logging", package: "swift-log")]),

    // 6
    layer(
      "Gate",
      imports: [
        "Bytes", "HTTP", "JSON", "HCL", "Sockets", "Digests", "Peering", "TLS", "Audit", "Policy", "Messages",
        "Record", "Consul",
      ],
      packages: [.product(name: "Logging", package: "swift-log")]),
    layer(
      "EmbeddedConsul",
      imports: ["Bytes", "HTTP", "JSON", "Sockets", "Digests", "Peering", "TLS", "Messages"]),

    // 7
    .executableTarget(
      name: "peergate",
      dependencies: [
        "Gate", "EmbeddedConsul", "Consul", "Record", "Policy", "Peering", "Audit", "TLS", "Digests", "HCL",
        "JSON",
        "HTTP",
        "Sockets", "Bytes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),

    // It depends on the gate's program so that one command builds both; it runs it, and links none of it.
    .systemLibrary(name: "CProcess", path: "Tests/CProcess"),
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "peergate", "CProcess", "Policy", "Peering", "Messages", "TLS", "Sockets", "HTTP", "JSON", "Digests",
        "Audit", "Bytes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Benchmarks", swiftSettings: settings),

    // Tests mirror the layers; Support holds what several of them need.
    .target(
      name: "Support", dependencies: ["Bytes", "TLS", "Sockets", "HTTP", "JSON", "Digests"],
      path: "Tests/Support",
      swiftSettings: settings),
    tests(of: "Bytes", imports: ["Support"]),
    tests(of: "HTTP", imports: ["Bytes", "Support"], vectors: true),
    tests(of: "JSON", imports: ["Bytes", "Support"]),
    tests(of: "HCL", imports: ["Bytes", "JSON", "Support"], vectors: true),
    tests(of: "Sockets", imports: ["Support"]),
    tests(of: "Digests"),
    tests(of: "Peering", imports: ["Bytes", "HTTP", "JSON", "Digests", "Support"], vectors: true),
    tests(of: "TLS", imports: ["Bytes", "Sockets", "Support", "COpenSSL"]),
    tests(of: "Audit", imports: ["Bytes", "CLinux", "JSON", "Digests", "Support"]),
    tests(
      of: "Policy", imports: ["Bytes", "Peering", "HCL", "HTTP", "JSON", "Digests", "Support"], vectors: true),
    tests(of: "Messages", imports: ["Bytes", "HTTP", "Sockets", "TLS", "Support"]),
    tests(of: "Record", imports: ["Audit", "Bytes", "HTTP", "JSON", "Sockets", "Support"]),
    tests(
      of: "Gate",
      imports: [
        "Bytes", "HTTP", "JSON", "HCL", "Sockets", "Digests", "Peering", "TLS", "Audit", "Policy", "Messages",
        "Record", "Consul", "Support",
      ], packages: [.product(name: "Logging", package: "swift-log")]),
    tests(
      of: "EmbeddedConsul", imports: ["Bytes", "HTTP", "JSON", "Peering", "Sockets", "Digests", "Support"],
      exclude: ["Recordings"]),
    .testTarget(
      name: "ProcessTests",
      dependencies: ["peergate", "Support", "Bytes", "JSON", "HTTP", "Sockets", "TLS", "Digests"],
      swiftSettings: settings),
    // They ask the compiler, with the modules that Gate is built on.
    .testTarget(name: "ProofTests", dependencies: ["Gate", "Support"], swiftSettings: settings),
    .testTarget(
      name: "BenchmarksTests", dependencies: ["benchmarks", "peergate", "Support", "JSON"],
      swiftSettings: settings),
    .testTarget(name: "TidyTests", swiftSettings: settings),
  ]
)
