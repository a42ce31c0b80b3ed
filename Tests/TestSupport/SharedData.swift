import Foundation

/// Real samples of published data sets, in `shared/data` beside the repository. They are not part of
/// it; tests that want them are skipped where they are absent.
public enum SharedData {
  /// The path of a folder of samples.
  public static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../shared/data/\(name)").standardized.path
  }

  /// Whether it is there.
  public static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }
}
