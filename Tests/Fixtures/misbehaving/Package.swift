// swift-tools-version: 6.2
import PackageDescription

/// The folder Sources/ of the workbench.
let core = Context.environment["WORKBENCH_CORE"] ?? "../../../Sources"

let package = Package(
  name: "Misbehaving",
  products: [.library(name: "Misbehaving", type: .dynamic, targets: ["Misbehaving"])],
  dependencies: [.package(name: "WorkbenchCore", path: core)],
  targets: [
    .target(
      name: "Misbehaving",
      dependencies: [.product(name: "WorkbenchCore", package: "WorkbenchCore")],
      plugins: [.plugin(name: "CoreStamp", package: "WorkbenchCore")])
  ],
  swiftLanguageModes: [.v6]
)
