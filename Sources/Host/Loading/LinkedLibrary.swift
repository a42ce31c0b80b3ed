import Foundation

/// A C library that the core was linked with, as it is in this process.
struct LinkedLibrary {
  /// What it is called.
  let name: String
  /// Its file.
  let path: String
  /// Its version or build, where it says so.
  let version: String?

  /// Finds a library by one of its functions; `nil` where no library of this process has it.
  private init?(_ name: String, has symbol: String, version: String?) {
    guard let address = DynamicLibrary.addressInHost(of: symbol),
      let path = DynamicLibrary.file(containing: address)
    else { return nil }
    self.name = name
    self.path = URL(filePath: path).resolvingSymlinksInPath().path
    self.version = version
  }

  /// Those that are there, and the names of those that are not.
  static func all() -> (found: [LinkedLibrary], missing: [String]) {
    let kernels = text("openblas_get_corename").map { ", kernels for \($0)" } ?? ""
    let candidates = [
      ("oneDNN", "dnnl_version", oneDNN),
      (
        "OpenBLAS", "openblas_get_config",
        text("openblas_get_config").map { $0.trimmingCharacters(in: .whitespaces) + kernels }
      ),
      ("libgomp", "GOMP_parallel", number("omp_get_max_threads").map { "\($0) threads" }),
      ("libltdl", "lt_dlopenadvise", nil),
      ("libpng", "png_get_libpng_ver", png),
      ("libjpeg", "jpeg_std_error", nil),
    ]
    var result: (found: [LinkedLibrary], missing: [String]) = ([], [])
    for (name, symbol, version) in candidates {
      if let library = LinkedLibrary(name, has: symbol, version: version) {
        result.found.append(library)
      } else {
        result.missing.append(name)
      }
    }
    return result
  }

  private static var oneDNN: String? {
    typealias Call = @convention(c) () -> UnsafePointer<Int32>?
    guard let address = DynamicLibrary.addressInHost(of: "dnnl_version"),
      let version = unsafeBitCast(address, to: Call.self)()
    else { return nil }
    return "\(version[0]).\(version[1]).\(version[2])"
  }

  private static var png: String? {
    typealias Call = @convention(c) (UnsafeRawPointer?) -> UnsafePointer<CChar>?
    guard let address = DynamicLibrary.addressInHost(of: "png_get_libpng_ver") else { return nil }
    return unsafeBitCast(address, to: Call.self)(nil).map { String(cString: $0) }
  }

  private static func text(_ symbol: String) -> String? {
    typealias Call = @convention(c) () -> UnsafePointer<CChar>?
    guard let address = DynamicLibrary.addressInHost(of: symbol) else { return nil }
    return unsafeBitCast(address, to: Call.self)().map { String(cString: $0) }
  }

  private static func number(_ symbol: String) -> Int32? {
    typealias Call = @convention(c) () -> Int32
    guard let address = DynamicLibrary.addressInHost(of: symbol) else { return nil }
    return unsafeBitCast(address, to: Call.self)()
  }

  /// The threads that loops are given.
  static var threads: Int { number("omp_get_max_threads").map(Int.init) ?? 1 }
}
