// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// One folder under Plugins/ each.
let plugins = [
  "Essentials", "Aviary", "Facades", "LabelMaps", "PosePairs", "Perceptors", "SemanticCGAN",
  "DeformableGAN", "SMIS", "BicycleGAN",
]

/// Plain targets that a plugin links, and what lies in its folder but is not part of its own target.
let ownTargets: [String: [Target.Dependency]] = [
  "Aviary": ["AviaryScenes"], "PosePairs": ["PoseGeometry"], "SMIS": ["SMISNetworks"],
]
let ownFiles = [
  "Aviary": ["Scenes", "contact-sheet.png"], "PosePairs": ["Geometry"], "SMIS": ["Networks"],
]

let core: Target.Dependency = .product(name: "WorkbenchCore", package: "WorkbenchCore")
let stamp: Target.PluginUsage = .plugin(name: "CoreStamp", package: "WorkbenchCore")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// What lies in Sources/ beside the executable's own folder.
let otherSources = try FileManager.default
  .contentsOfDirectory(atPath: Context.packageDirectory + "/Sources")
  .filter { $0 != "Workbench" }.sorted()

let package = Package(
  name: "Workbench",
  products: [
    .executable(name: "workbench", targets: ["Workbench"]),
    // For Benchmarks/, a package of its own.
    .library(name: "TestSupport", targets: ["TestSupport"]),
  ]
    + plugins.map { .library(name: $0, type: .dynamic, targets: [$0]) },
  dependencies: [
    .package(name: "WorkbenchCore", path: "Sources"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .systemLibrary(name: "CLtdl", path: "Sources/CLtdl"),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib"),
    .target(
      name: "Host", dependencies: [core, "CLtdl", "CZlib", arguments], path: "Sources/Host",
      plugins: [stamp]),
    // Rooted at Sources/, so that the build notices files that were added to or removed from the
    // core: SwiftPM watches the folders of this package's targets only.
    .executableTarget(
      name: "Workbench", dependencies: ["Host"], path: "Sources", exclude: otherSources,
      sources: ["Workbench"]),
    // The drawing and annotation of birds, apart from the plugin so that tests can link it.
    // Its rasteriser keeps its buffers in classes; checks of exclusive access to these took a sixth
    // of the time.
    .target(
      name: "AviaryScenes", path: "Plugins/Aviary/Scenes",
      swiftSettings: [
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
      ]),
    // Poses and how their parts move, likewise apart.
    .target(name: "PoseGeometry", path: "Plugins/PosePairs/Geometry"),
    // The networks, apart from the plugin so that tests can link their blocks.
    .target(name: "SMISNetworks", dependencies: [core], path: "Plugins/SMIS/Networks"),
    .target(name: "TestSupport", dependencies: [core, "Host"], path: "Tests/TestSupport"),
    .testTarget(name: "TensorTests", dependencies: [core, "TestSupport"]),
    .testTarget(name: "LayersTests", dependencies: [core, "TestSupport"]),
    .testTarget(name: "ImagesTests", dependencies: [core, "TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: [core, "Host", "TestSupport"]),
    .testTarget(name: "HostTests", dependencies: [core, "Host", "TestSupport"]),
    .testTarget(
      name: "ResolutionTests", dependencies: [core, "Host", "TestSupport"],
      exclude: ["Experiments", "Snapshots"]),
    .testTarget(
      name: "LoadingTests", dependencies: [core, "Host", "TestSupport"], exclude: ["Snapshots"]),
    .testTarget(name: "ValidatingTests", dependencies: [core, "Host", "TestSupport"]),
    .testTarget(
      name: "CommandTests", dependencies: [core, "Host", "TestSupport"], exclude: ["Snapshots"]),
    .testTarget(
      name: "AviaryTests", dependencies: [core, "Host", "TestSupport", "AviaryScenes"]),
    .testTarget(name: "EssentialsTests", dependencies: [core, "TestSupport"]),
    .testTarget(name: "LabelMapsTests", dependencies: [core, "TestSupport"]),
    .testTarget(name: "PosePairsTests", dependencies: [core, "TestSupport", "PoseGeometry"]),
    .testTarget(name: "DeformableGANTests", dependencies: [core, "Host", "TestSupport"]),
    .testTarget(name: "PerceptorsTests", dependencies: [core, "Host", "TestSupport"]),
    .testTarget(name: "SemanticCGANTests", dependencies: [core, "Host", "TestSupport"]),
    .testTarget(name: "BicycleGANTests", dependencies: [core, "TestSupport"]),
    .testTarget(name: "SMISTests", dependencies: [core, "Host", "TestSupport", "SMISNetworks"]),
  ]
    + plugins.map {
      .target(
        name: $0, dependencies: [core] + (ownTargets[$0] ?? []), path: "Plugins/\($0)",
        exclude: ["README.md"] + (ownFiles[$0] ?? []), plugins: [stamp])
    },
  swiftLanguageModes: [.v6]
)
