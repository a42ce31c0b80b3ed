import Foundation
import Host
import TestSupport
import Testing

/// Compiles the C fixture into `folder`, right in everything but what `options`, mostly `-D…`, change.
func compile(
  _ name: String, in folder: TemporaryFolder, _ options: [String] = [],
  core: String = PluginLoader.core, compiler: String = PluginLoader.compiler
) throws -> String {
  let path = "\(folder.path)/\(name)"
  let result = try run(
    ["clang", "-shared", "-fPIC", "-o", path, "-I", "\(root)/Sources/CPluginEntry/include"]
      + ["-DCORE=\"\(core)\"", "-DCOMPILER=\"\(compiler)\""] + options
      + ["\(root)/Tests/Fixtures/loading/plugin.c"])
  try #require(result.status == 0, "\(result.output)")
  return path
}

/// The error that loading the plugin at `path` into this process throws.
func refusal(_ path: String, trust: PluginFile.Trust = .owner) throws -> PluginError {
  try #require(throws: PluginError.self) { try PluginLoader(trust: trust).load(path) }
}
