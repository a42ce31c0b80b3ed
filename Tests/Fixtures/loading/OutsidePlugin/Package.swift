// swift-tools-version: 6.2
import PackageDescription

/// A plugin outside the workbench's tree; the tests say where the core is.
let core = Context.environment["WORKBENCH_CORE"] ?? "../../../../Sources"

let package = Package(
  name: "OutsidePlugin",
  products: [.library(name: "OutsidePlugin", type: .dynamic, targets: ["OutsidePlugin"])],
  dependencies: [.package(name: "WorkbenchCore", path: core)],
  targets: [
    .target(
      name: "OutsidePlugin",
      dependencies: [.product(name: "WorkbenchCore", package: "WorkbenchCore")],
      plugins: [.plugin(name: "CoreStamp", package: "WorkbenchCore")])
  ],
  swiftLanguageModes: [.v6]
)
