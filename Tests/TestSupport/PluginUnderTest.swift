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
  ///   - others: plugins whose components slots may name beside this one's.
  ///   - kind: the component's protocol.
  /// - Returns: the component, weights not drawn yet.
  /// - Throws: what the component throws, or `ConfigurationError` where there is none of that name.
  public func build<Part>(
    _ name: String, _ settings: Setting = .object([:]), bound: [Port] = [], image: Port? = nil,
    with others: [PluginUnderTest] = [], as kind: Part.Type
  ) throws -> Part {
    let components = Catalog([description] + others.map(\.description)).components
    @Sendable func component(_ id: String) throws -> ComponentDescription {
      guard let component = components[id] else {
        throw ConfigurationError("there is no component \(id) among those of the test")
      }
      return component
    }
    let ports = PortContext(
      bound: Dictionary(uniqueKeysWithValues: bound.map { ($0.name, $0) }), image: image
    ) { reference, context, side in
      let part = try component(reference.use)
      return side == .provides
        ? try part.provides(reference.with, in: context)
        : try part.consumes(reference.with, in: context)
    }
    func built(_ reference: ComponentReference) throws -> any Component {
      let part = try component(reference.use)
      let provided = try part.provides(reference.with, in: ports)
      let context = BuildContext(
        ports: ports, provided: Dictionary(uniqueKeysWithValues: provided.map { ($0.name, $0) }),
        parts: built)
      return try part.build(reference.with, in: context)
    }
    let id = "\(description.id)/\(name)"
    guard let part = try built(ComponentReference(id, with: settings)) as? Part else {
      throw ConfigurationError("\(id) is no \(kind)")
    }
    return part
  }
}
