public import CPluginEntry
import Glibc

/// What a plugin hands to the host: a C struct, read before any Swift value crosses.
///
/// A plugin writes exactly one function of this kind:
///
///     @c(workbench_plugin)
///     public func plugin() -> PluginEntry {
///       PluginEntry(core: CoreStamp.value, PluginDescription(…))
///     }
///
/// The host calls it once, compares API version, compiler and core with its own, and only asks
/// for the description when all three agree.
public typealias PluginEntry = WorkbenchPluginEntry

extension PluginEntry {
  /// Creates the entry of a plugin.
  ///
  /// The body is compiled into the plugin, so that versions and sizes are those the plugin was
  /// built with, not those of the core it meets. The description is built on demand, after the
  /// host has accepted the rest: a plugin of another core would otherwise run into it unchecked.
  ///
  /// - Parameters:
  ///   - stamp: `CoreStamp.value`, which the build-tool plugin `CoreStamp` generates.
  ///   - description: the plugin's description.
  @export(implementation)
  public init(core stamp: String, _ description: @autoclosure @escaping () -> PluginDescription) {
    let parts = stamp.split(separator: " ", maxSplits: 1).map(String.init)
    self.init(
      magic: WORKBENCH_PLUGIN_MAGIC,
      size: UInt32(MemoryLayout<PluginEntry>.size),
      api_major: WORKBENCH_API_MAJOR,
      api_minor: WORKBENCH_API_MINOR,
      compiler: Self.permanent(parts.last ?? ""),
      core_stamp: Self.permanent(parts.first ?? ""),
      description: Unmanaged.passRetained(DeferredDescription(description)).toOpaque())
  }

  /// A copy of `text` for C that lives as long as the process.
  public static func permanent(_ text: String) -> UnsafePointer<CChar>? {
    text.withCString { UnsafePointer(strdup($0)) }
  }
}

/// A plugin's description before the host has asked for it.
public final class DeferredDescription {
  /// Builds the description; called by the host once the entry's C part was accepted.
  public let make: () -> PluginDescription

  /// Keeps `make` for later.
  public init(_ make: @escaping () -> PluginDescription) { self.make = make }
}
