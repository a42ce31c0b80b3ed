import Glibc
import PluginAPI

/// Its result tells how many libraries were there before.
struct LoadOrder: Encoder {

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("sentence", size: 6)]
  }

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.sentence("code", size: 6)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["code": inputs["sentence"] * Float(1 + loadedBefore)]
  }
}

/// The number of plugins that were mapped into the process when this one was described.
let loadedBefore: Int = {
  guard let maps = fopen("/proc/self/maps", "r") else { return 0 }
  defer { fclose(maps) }
  var names: Set<String> = []
  var line = [CChar](repeating: 0, count: 4096)
  while fgets(&line, 4096, maps) != nil {
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if let name = text.split(separator: "/").last, name.hasPrefix("lib") {
      names.insert(String(name))
    }
  }
  return names.count
}()
