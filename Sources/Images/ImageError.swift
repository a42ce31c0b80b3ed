/// What can be wrong with a picture file; `description` words it.
public enum ImageError: Error, Sendable, Hashable {
  /// Nothing is at the path, or something that is no readable file.
  case unreadable(path: String, found: String)
  /// The file has no bytes.
  case empty(path: String)
  /// The first bytes are of no format read here.
  case unknownFormat(path: String, found: String)
  /// The file is damaged or cut short; the codec's own words say where it stopped.
  case damaged(path: String, format: String, reason: String)
  /// The file, or the picture it announces, exceeds what is read.
  case tooLarge(path: String, found: String, limit: String)
  /// A well-formed picture of a kind that is not read, with the kind that is and how to convert.
  case unsupported(path: String, found: String, expected: String, cure: String)
  /// The file could not be put in place.
  case unwritable(path: String, reason: String)
}

extension ImageError: CustomStringConvertible {
  /// One sentence each for the path with what was found, what was expected, and the cure.
  public var description: String {
    switch self {
    case .unreadable(let path, let found):
      "\(path): found \(found); expected a PNG or JPEG file. Check the path and its permissions."
    case .empty(let path):
      "\(path): found an empty file; expected a PNG or JPEG file. Copy or download it again."
    case .unknownFormat(let path, let found):
      "\(path): found \(found); expected a PNG or JPEG file. "
        + "Convert the picture to one of them or remove it from the folder."
    case .damaged(let path, let format, let reason):
      "\(path): found a damaged \(format) file (\(reason)); expected a complete one. "
        + "Copy or download it again."
    case .tooLarge(let path, let found, let limit):
      "\(path): found \(found); expected at most \(limit). Scale the picture down first."
    case .unsupported(let path, let found, let expected, let cure):
      "\(path): found \(found); expected \(expected). \(cure)"
    case .unwritable(let path, let reason):
      "\(path): cannot be written (\(reason)); expected an existing folder with write permission "
        + "and free space. Create the folder or choose another path."
    }
  }
}
