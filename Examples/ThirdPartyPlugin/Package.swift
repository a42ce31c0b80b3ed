// swift-tools-version: 6.2
import PackageDescription

/// The folder Sources/ of the workbench. `workbench plugin build` says where it is.
let core = Context.environment["WORKBENCH_CORE"] ?? "../../Sources"

let package = Package(
  name: "ThirdParty",
  products: [.library(name: "ThirdParty", type: .dynamic, targets: ["ThirdParty"])],
  dependencies: [.package(name: "WorkbenchCore", path: core)],
  targets: [
    .target(
      name: "ThirdParty",
      dependencies: [.product(name: "WorkbenchCore", package: "WorkbenchCore")],
      plugins: [.plugin(name: "CoreStamp", package: "WorkbenchCore")]),
    .testTarget(
      name: "ThirdPartyTests",
      dependencies: [
        "ThirdParty", .product(name: "WorkbenchCore", package: "WorkbenchCore"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
