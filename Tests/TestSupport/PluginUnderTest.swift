import struct Foundation.URL
import class Foundation.Bundle
import Host
public import PluginAPI

/// A plugin of this package, loaded as the host loads it.
///
/// No test target depends on a plugin: two would put two entry points into one test program. The
/// build puts each plugin's library beside the test program, and from there it is loaded.
public struct PluginUnderTest {
  /// What the plugin says about itself.
  public let description: PluginDescription

  nonisolated(unsafe) private static let loader = PluginLoader(trust: .anyone)

  /// Loads `lib<name>.so`.
  ///
  /// - Throws: `PluginError` where the library is absent or does not fit.
  public init(_ name: String) throws {
    let folder = URL(fileURLWithPath: Bundle.main.bundlePath)
    description = try Self.loader.load(folder.appending(path: "lib\(name).so").path).description
  }

  /// Builds a component as the host would after matching its ports.
  ///
  /// - Parameters:
  ///   - name: the second half of the component's id.
  ///   - settings: what the experiment file would say.
  ///   - bound: the ports it consumes, under its own names, with all sizes.
  ///   - image: the data set's image.
  ///   - kind: the component's protocol.
  /// - Returns: the component, weights not drawn yet.
  /// - Throws: what the component throws, or `ConfigurationError` where there is none of that name.
  public func build<Part>(
    _ name: String, _ settings: Setting = .object([:]), bound: [Port] = [], image: Port? = nil,
    as kind: Part.Type
  ) throws -> Part {
    guard let component = description.components.first(where: { $0.name == name }) else {
      throw ConfigurationError("\(description.id) has no component \(name)")
    }
    func missing(_ reference: ComponentReference) throws -> any Component {
      throw ConfigurationError("\(name) has a slot for \(reference.use), which tests do not fill")
    }
    let ports = PortContext(
      bound: Dictionary(uniqueKeysWithValues: bound.map { ($0.name, $0) }), image: image,
      slots: { reference, _, _ in
        throw ConfigurationError("\(reference.use) is in a slot, which tests do not fill")
      })
    let provided = try component.provides(settings, in: ports)
    let context = BuildContext(
      ports: ports, provided: Dictionary(uniqueKeysWithValues: provided.map { ($0.name, $0) }),
      parts: missing)
    guard let part = try component.build(settings, in: context) as? Part else {
      throw ConfigurationError("\(description.id)/\(name) is no \(kind)")
    }
    return part
  }
}
