// swift-tools-version: 6.2
import PackageDescription

// Measurements; each program here has a PyTorch program beside it that does the same work.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "WorkbenchCore", path: "../Sources")],
  targets: [
    .executableTarget(
      name: "ConvolutionBenchmark",
      dependencies: [.product(name: "WorkbenchCore", package: "WorkbenchCore")])
  ],
  swiftLanguageModes: [.v6]
)
