/// What an unpickled stream holds.
///
/// Containers lie in one table and values refer to them by index, so that a stream that nests them
/// a million deep, or puts one into itself, needs no recursion and leaves no cycle.
struct Pickle {
  /// A value; containers and tensors are indices into the tables below.
  enum Value: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    /// A whole number beyond `Int`, little endian; only the stream form's first value is one.
    case longer([UInt8])
    case real(Double)
    case text(String)
    /// Bytes, which nothing here reads.
    case bytes
    case list(Int)
    case tuple(Int)
    case dictionary(Int)
    case function(Function)
    case storage(Int)
    case tensor(Int)
  }

  /// All that a stream may name; everything else is refused.
  enum Function: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storageType(Safetensors.NumberType)

    /// The function or class of a module; nil where it is not on the list.
    init?(_ module: String, _ name: String) {
      switch (module, name) {
      case ("collections", "OrderedDict"): self = .orderedDictionary
      case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"):
        self = .rebuildTensor
      case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
      case ("torch", _):
        guard let type = Function.storageTypes[name] else { return nil }
        self = .storageType(type)
      default: return nil
      }
    }

    private static let storageTypes: [String: Safetensors.NumberType] = [
      "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
      "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8,
      "ByteStorage": .u8, "BoolStorage": .bool,
    ]
  }

  /// A stretch of numbers that tensors share.
  struct Storage: Equatable {
    /// Its name in the file.
    let key: String
    let type: Safetensors.NumberType
    /// The numbers under this name.
    let count: Int
    /// Those that are seen.
    let seen: Range<Int>
  }

  /// A view of a storage.
  struct View: Equatable {
    let storage: Int
    let layout: StridedLayout
  }

  var sequences: [[Value]] = []
  var dictionaries: [[(key: Value, value: Value)]] = []
  var storages: [Storage] = []
  var views: [View] = []
  var root = Value.none
}
