// swift-tools-version: 6.2
import PackageDescription

// What host and plugins share, as one dynamic library. A package of its own, because SwiftPM
// links targets of the same package statically, which would give each plugin a private copy.

/// What the loops are compiled for: this machine's processor, unless `WORKBENCH_PROCESSOR` names another, such as
/// `x86-64-v3` for one without AVX-512.
let processor = Context.environment["WORKBENCH_PROCESSOR"] ?? "native"

/// The loops of the CPU backend. They alone are compiled without checks: every call to them goes
/// through the backend seam, which has checked shapes and sizes before.
let kernelFlags: [SwiftSetting] = [
  .unsafeFlags(["-Ounchecked", "-Xcc", "-march=\(processor)"], .when(configuration: .release))
]

/// Every op touches the engine's counters and links; checking each access for overlap costs a quarter
/// of a small op. Debug builds and their tests do check.
let engineFlags: [SwiftSetting] = [
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

let package = Package(
  name: "WorkbenchCore",
  products: [
    .library(
      name: "WorkbenchCore", type: .dynamic, targets: ["Tensor", "Layers", "Images", "PluginAPI"]),
    .plugin(name: "CoreStamp", targets: ["CoreStamp"]),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", path: "COpenBLAS", pkgConfig: "openblas"),
    .systemLibrary(name: "COneDNN", path: "COneDNN"),
    .systemLibrary(name: "CGOMP", path: "CGOMP"),
    .systemLibrary(name: "CIntrinsics", path: "CIntrinsics"),
    .target(name: "CPluginEntry", path: "CPluginEntry"),
    .target(
      name: "CImageIO", path: "CImageIO",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]),
    .target(
      name: "Kernels", dependencies: ["CIntrinsics"], path: "Kernels", swiftSettings: kernelFlags),
    .target(
      name: "Tensor", dependencies: ["COpenBLAS", "COneDNN", "CGOMP", "Kernels"], path: "Tensor",
      swiftSettings: engineFlags),
    .target(name: "Layers", dependencies: ["Tensor"], path: "Layers"),
    .target(name: "Images", dependencies: ["Tensor", "CImageIO"], path: "Images"),
    .target(
      name: "PluginAPI", dependencies: ["Layers", "Images", "CPluginEntry"], path: "PluginAPI"),
    .plugin(name: "CoreStamp", capability: .buildTool(), path: "CoreStamp"),
  ],
  swiftLanguageModes: [.v6]
)
