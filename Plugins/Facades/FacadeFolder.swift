import Foundation
import PluginAPI

/// The files of CMP Facades on disk, in either form.
struct FacadeFolder: Sendable {
  /// One photograph with its labels.
  enum Item: Sendable {
    /// One picture: photograph left, coloured labels right.
    case pair(String)
    /// A photograph and a palette PNG whose indices are 1...12.
    case base(photograph: String, labels: String)
  }

  let train: [Item]
  let validation: [Item]

  /// Looks into a folder: `train/N.jpg` and `val/N.jpg`, or `*.jpg` each beside a `*.png`.
  ///
  /// The base form has no split of its own; every tenth file, in the order of names, is held out.
  /// - Throws: `FacadesError` naming the folder or file.
  init(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FacadesError.absent(path)
    }
    guard isFolder.boolValue else { throw FacadesError.file(path) }
    let names = try FacadeFolder.names(in: path)
    if names.contains("train") {
      train = try FacadeFolder.pairs(in: "\(path)/train")
      let held = names.contains("val") ? "\(path)/val" : "\(path)/test"
      validation = try FacadeFolder.pairs(in: held)
      return
    }
    let items = try FacadeFolder.base(in: path, names)
    train = items.enumerated().filter { $0.offset % 10 != 0 }.map(\.element)
    validation = items.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
  }

  private static func names(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .sorted { $0.compare($1, options: .numeric, locale: nil) == .orderedAscending }
    } catch {
      throw FacadesError.unreadable(folder)
    }
  }

  private static func pairs(in folder: String) throws -> [Item] {
    guard FileManager.default.fileExists(atPath: folder) else { throw FacadesError.noSplit(folder) }
    let files = try names(in: folder).filter {
      ["jpg", "jpeg", "png"].contains(($0 as NSString).pathExtension.lowercased())
    }
    guard !files.isEmpty else { throw FacadesError.empty(folder) }
    return files.map { .pair("\(folder)/\($0)") }
  }

  private static func base(in folder: String, _ names: [String]) throws -> [Item] {
    let photographs = names.filter { $0.lowercased().hasSuffix(".jpg") }
    guard !photographs.isEmpty else { throw FacadesError.empty(folder) }
    let pairs = photographs.map { name in
      (photograph: name, labels: (name as NSString).deletingPathExtension + ".png")
    }
    let known = Set(names)
    let alone = pairs.filter { !known.contains($0.labels) }
    if let first = alone.first {
      throw FacadesError.noLabels(
        "\(folder)/\(first.photograph)", expected: first.labels,
        others: alone.dropFirst().map(\.photograph))
    }
    return pairs.map {
      .base(photograph: "\(folder)/\($0.photograph)", labels: "\(folder)/\($0.labels)")
    }
  }
}

/// What can be wrong with a folder of facades.
enum FacadesError: Error, CustomStringConvertible {
  case absent(String)
  case file(String)
  case unreadable(String)
  case noSplit(String)
  case empty(String)
  case noLabels(String, expected: String, others: [String])
  case notAPair(String, height: Int, width: Int)
  case otherSizes(String, photograph: String, labels: String)
  case labelOutside(String, found: Int)
  case notPainted(String, percent: Int)

  var description: String {
    switch self {
    case .absent(let path):
      "\(path): there is no such folder; expected CMP Facades, as pairs (train/1.jpg, val/1.jpg) or "
        + "in base form (cmp_b0001.jpg with cmp_b0001.png). Say where it is with "
        + "--set dataset.with.folder=PATH."
    case .file(let path):
      "\(path): found a file, expected a folder; name the folder that holds train/ and val/."
    case .unreadable(let path):
      "\(path): the folder cannot be read; check its permissions."
    case .noSplit(let path):
      "\(path): there is no such folder; the paired form has train/ and val/ (or test/) side by side."
    case .empty(let path):
      "\(path): found no pictures; expected .jpg files. Was the archive unpacked completely?"
    case .noLabels(let path, let expected, let others):
      "\(path): found no \(expected) beside it; in base form each photograph has a label PNG of "
        + "the same name."
        + (others.isEmpty ? "" : " The same is so of \(others.joined(separator: ", ")).")
    case .notAPair(let path, let height, let width):
      "\(path): found \(width)x\(height) pixels; expected a photograph and its labels side by side, "
        + "twice as wide as high. Remove the file, or put the original back."
    case .otherSizes(let path, let photograph, let labels):
      "\(path): the photograph has \(photograph) pixels and its labels have \(labels); expected the "
        + "same size. Put the original files back."
    case .labelOutside(let path, let found):
      "\(path): found label \(found); expected 1...12. Put the original label PNG back."
    case .notPainted(let path, let percent):
      "\(path): \(percent) % of the right half is in no colour of the labels; expected a photograph "
        + "on the left and its painted labels on the right. Are the halves exchanged?"
    }
  }
}
