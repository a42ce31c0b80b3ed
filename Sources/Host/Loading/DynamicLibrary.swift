internal import CLtdl
import Foundation

/// A shared library in this process, never unloaded: Swift types can't be taken back, and a later
/// cast in the host would run into the hole.
struct DynamicLibrary {
  private let handle: lt_dlhandle

  /// Loads the library at `path`, which must be absolute.
  ///
  /// libltdl keeps the handles, but it binds lazily and calls every failure "file not found". So
  /// the dynamic linker is asked first, with all symbols bound at once, for the true reason.
  ///
  /// - Throws: `PluginError`.
  init(at path: String) throws {
    guard dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) != nil else {
      throw Self.error(path, reason: dlerror().map { String(cString: $0) } ?? "no reason given")
    }
    var advice: lt_dladvise?
    guard lt_dlinit() == 0, lt_dladvise_init(&advice) == 0,
      lt_dladvise_resident(&advice) == 0, lt_dladvise_local(&advice) == 0,
      let handle = lt_dlopenadvise(path, advice)
    else {
      throw Self.error(path, reason: lt_dlerror().map { String(cString: $0) } ?? "libltdl refused")
    }
    lt_dladvise_destroy(&advice)
    self.handle = handle
  }

  /// The address of a function or datum of this library or of one that it needs.
  func address(of symbol: String) -> UnsafeMutableRawPointer? { lt_dlsym(handle, symbol) }

  /// The address of a function or datum of the executable or of a library it was linked with.
  static func addressInHost(of symbol: String) -> UnsafeMutableRawPointer? { dlsym(nil, symbol) }

  /// The file of the library or executable that contains `address`.
  static func file(containing address: UnsafeRawPointer) -> String? {
    var image = WorkbenchImage()
    guard workbench_dladdr(address, &image) != 0, let path = image.path else { return nil }
    return String(cString: path)
  }

  /// The shared libraries in `folders`, in no particular order.
  static func files(in folders: [String]) -> [String] {
    let found = Found()
    guard lt_dlinit() == 0 else { return [] }
    for folder in folders {
      // Names come without their extension, and once for each extension.
      lt_dlforeachfile(
        folder,
        { name, found in
          guard let name, let found else { return 0 }
          let path = String(cString: name) + ".so"
          Unmanaged<Found>.fromOpaque(found).takeUnretainedValue().paths.insert(path)
          return 0
        }, Unmanaged.passUnretained(found).toOpaque())
    }
    return found.paths.filter { FileManager.default.fileExists(atPath: $0) }
  }

  private final class Found { var paths: Set<String> = [] }

  /// What the dynamic linker's sentence means.
  private static func error(_ path: String, reason: String) -> PluginError {
    if let symbol = reason.firstMatch(of: /undefined symbol: ([^\s,]+)/) {
      return PluginError(
        .missingSymbol, path, found: "undefined symbol \(symbol.1)",
        expected: "symbols of the core, of Swift and of the libraries that it links")
    }
    if let library = reason.firstMatch(of: /([^\s:]+): cannot open shared object file/) {
      return PluginError(
        .missingLibrary, path, found: "no \(library.1)",
        expected: "\(library.1) where the dynamic linker looks")
    }
    return PluginError(.notLoadable, path, found: reason, expected: "a shared library that loads")
  }
}
