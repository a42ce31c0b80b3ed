// swift-tools-version: 6.2
import PackageDescription

// Measurements. A package of its own, so that nobody who only builds the workbench builds them; it
// loads the plugins of the package above as the host does, from beside its own program.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "WorkbenchCore", path: "../Sources"), .package(name: "Workbench", path: ".."),
  ],
  targets: [
    .executableTarget(
      name: "Benchmark",
      dependencies: [.product(name: "WorkbenchCore", package: "WorkbenchCore")]
        + ["TestSupport", "Essentials", "SemanticCGAN", "SMIS"].map {
          .product(name: $0, package: "Workbench")
        })
  ],
  swiftLanguageModes: [.v6]
)
