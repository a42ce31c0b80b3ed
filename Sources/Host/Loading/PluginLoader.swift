internal import CPluginEntry
import Foundation
public import PluginAPI

/// A plugin whose code is in this process.
public struct LoadedPlugin {
  /// What the plugin says about itself.
  public let description: PluginDescription
  /// The file it came from.
  public let file: PluginFile
  /// How long its code took to be loaded and described.
  public let seconds: Double

  /// Joins a description and the file it came from.
  public init(description: PluginDescription, file: PluginFile, seconds: Double = 0) {
    self.description = description
    self.file = file
    self.seconds = seconds
  }
}

/// Brings plugins into this process, and refuses those that don't fit before they can do harm.
///
/// The order of the checks is the design: the file's kind and permissions; the dynamic linker's
/// verdict; the C part of the entry (API, compiler, core); whose core it uses. Only then is the
/// first Swift value of the plugin touched. A crash while all this happens can't be caught here:
/// see `PluginProbe`.
///
/// Not for use from several threads at once.
public final class PluginLoader {
  /// Name of the function that a plugin exports.
  public static let entryPoint = "workbench_plugin"

  /// What this host was compiled against.
  public static let core = CoreStamp.hash
  /// What this host was compiled by.
  public static let compiler = CoreStamp.compiler
  /// The version of the plugin API that this host offers.
  public static var api: APIVersion {
    APIVersion(major: WORKBENCH_API_MAJOR, minor: WORKBENCH_API_MINOR)
  }

  private let trust: PluginFile.Trust
  private var loaded: [String: LoadedPlugin] = [:]

  /// Creates a loader.
  ///
  /// - Parameter trust: who may have written the files that it loads.
  public init(trust: PluginFile.Trust = .owner) { self.trust = trust }

  /// Loads the plugin at `path`.
  ///
  /// - Parameters:
  ///   - path: the library's file.
  ///   - hash: what the file's SHA-256 must begin with, where an experiment says so.
  /// - Returns: the plugin; for a file loaded before, what was returned then.
  /// - Throws: `PluginError`.
  public func load(_ path: String, hash: String? = nil) throws -> LoadedPlugin {
    let file = try PluginFile(at: path, trust: trust)
    if let hash, !file.hash.hasPrefix(hash) {
      throw PluginError(.wrongHash, file.path, found: file.hash, expected: hash)
    }
    if let earlier = loaded[file.path] {
      guard earlier.file.hash == file.hash else {
        throw PluginError(
          .replaced, file.path, found: file.hash, expected: earlier.file.hash)
      }
      return earlier
    }
    let start = ContinuousClock.now
    let library = try library(at: file.path)
    let entry = try entry(of: library, file.path)
    try checkVersions(entry, file.path)
    try checkCore(library, file.path)
    let description = try description(entry, file.path)
    let plugin = LoadedPlugin(
      description: description, file: file, seconds: (ContinuousClock.now - start) / .seconds(1))
    loaded[file.path] = plugin
    return plugin
  }

  /// A symbol of the core that is gone says only indirectly that the core has changed; the stamp
  /// in the file's bytes says it plainly.
  private func library(at path: String) throws -> DynamicLibrary {
    do {
      return try DynamicLibrary(at: path)
    } catch let error as PluginError where error.fault == .missingSymbol {
      guard let core = PluginFile.stamp(at: path), core != Self.core else { throw error }
      throw PluginError(
        .otherCore, path, found: "core \(core), \(error.found)", expected: "core \(Self.core)")
    }
  }

  private func entry(of library: DynamicLibrary, _ path: String) throws -> PluginEntry {
    typealias Entry = @convention(c) () -> PluginEntry
    guard let address = library.address(of: Self.entryPoint) else {
      throw PluginError(
        .noEntry, path, found: "no function \(Self.entryPoint)",
        expected: "@c(\(Self.entryPoint)) public func plugin() -> PluginEntry")
    }
    let entry = unsafeBitCast(address, to: Entry.self)()
    guard entry.magic == WORKBENCH_PLUGIN_MAGIC, entry.size >= MemoryLayout<PluginEntry>.size else {
      throw PluginError(
        .wrongMagic, path, found: "magic 0x\(String(entry.magic, radix: 16)), \(entry.size) bytes",
        expected: "magic 0x\(String(WORKBENCH_PLUGIN_MAGIC, radix: 16)),"
          + " \(MemoryLayout<PluginEntry>.size) bytes or more")
    }
    return entry
  }

  private func checkVersions(_ entry: PluginEntry, _ path: String) throws {
    let api = APIVersion(major: entry.api_major, minor: entry.api_minor)
    guard api.major == Self.api.major, api.minor <= Self.api.minor else {
      throw PluginError(
        .otherAPI, path, found: "API \(api)",
        expected: "API \(Self.api), or an earlier \(Self.api.major).x")
    }
    let compiler = entry.compiler.map { String(cString: $0) } ?? "no compiler named"
    guard compiler == Self.compiler else {
      throw PluginError(.otherCompiler, path, found: compiler, expected: Self.compiler)
    }
    let core = entry.core_stamp.map { String(cString: $0) } ?? "no stamp"
    guard core == Self.core else {
      throw PluginError(.otherCore, path, found: "core \(core)", expected: "core \(Self.core)")
    }
  }

  /// Compares the address at which the plugin sees a type of the core with the host's own.
  private func checkCore(_ library: DynamicLibrary, _ path: String) throws {
    let type = DeferredDescription.self
    let symbol = "$s\(_mangledTypeName(type) ?? "")Mn"
    let own = DynamicLibrary.addressInHost(of: symbol)
    let theirs = library.address(of: symbol)
    guard let own, own == theirs else {
      let file = { (address: UnsafeMutableRawPointer?) in
        address.flatMap { DynamicLibrary.file(containing: $0) } ?? "no shared library"
      }
      throw PluginError(.privateCore, path, found: file(theirs), expected: file(own))
    }
  }

  private func description(_ entry: PluginEntry, _ path: String) throws -> PluginDescription {
    guard let pointer = entry.description else {
      throw PluginError(
        .wrongMagic, path, found: "an entry without a description",
        expected: "PluginEntry(core: CoreStamp.value, PluginDescription(…))")
    }
    return Unmanaged<DeferredDescription>.fromOpaque(pointer).takeUnretainedValue().make()
  }
}

/// Version of the plugin API, as compiled into host and plugins.
public struct APIVersion: Hashable, Codable, Sendable, CustomStringConvertible {
  /// Changes when a plugin's sources may need an edit.
  public let major: UInt32
  /// Changes when something was added.
  public let minor: UInt32

  /// For example `1.0`.
  public var description: String { "\(major).\(minor)" }
}
