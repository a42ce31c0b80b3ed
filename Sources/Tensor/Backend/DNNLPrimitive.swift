internal import COneDNN

/// A compiled oneDNN primitive with the memory objects it reads and writes.
///
/// Made once per shape and kept; running it only puts new addresses into the memory objects.
final class DNNLPrimitive {
  /// What a slot of the primitive is, in oneDNN's numbering.
  struct Argument {
    let index: Int32
    let layout: DNNLLayout
  }

  let name: String
  private let primitive: dnnl_primitive_t
  private var arguments: [dnnl_exec_arg_t] = []
  private let scratchBytes: Int

  /// Compiles `descriptor`, which must have been created with `DNNLPrimitive.userScratch`.
  init(_ name: String, _ descriptor: dnnl_primitive_desc_t, arguments: [Argument]) {
    var primitive: dnnl_primitive_t?
    dnnlCheck(dnnl_primitive_create(&primitive, descriptor), name, "compiling")
    guard let primitive else { preconditionFailure("[\(name)] oneDNN compiled nothing") }
    self.name = name
    self.primitive = primitive
    var all = arguments
    if let scratch = Self.layout(of: descriptor, dnnl_query_scratchpad_md), scratch.bytes > 0 {
      scratchBytes = scratch.bytes
      all.append(Argument(index: DNNL_ARG_SCRATCHPAD, layout: scratch))
    } else {
      scratchBytes = 0
    }
    for argument in all {
      var memory: dnnl_memory_t?
      withUnsafePointer(to: argument.layout.descriptor) {
        dnnlCheck(
          dnnl_memory_create(&memory, $0, DNNL.shared.engine, nil), name, "describing memory")
      }
      self.arguments.append(dnnl_exec_arg_t(arg: argument.index, memory: memory))
    }
  }

  /// Runs on `addresses`, in the order of the arguments given when it was made, and waits.
  func run(_ addresses: UnsafeMutableRawPointer...) {
    for (argument, address) in zip(arguments, addresses) {
      dnnlCheck(dnnl_memory_set_data_handle(argument.memory, address), name, "setting memory")
    }
    if scratchBytes > 0 {
      let scratch = DNNL.shared.scratch.reserve(bytes: scratchBytes)
      dnnlCheck(
        dnnl_memory_set_data_handle(arguments[arguments.count - 1].memory, scratch),
        name, "setting scratch memory")
    }
    dnnlCheck(
      dnnl_primitive_execute(primitive, DNNL.shared.stream, Int32(arguments.count), arguments),
      name, "running")
    dnnlCheck(dnnl_stream_wait(DNNL.shared.stream), name, "waiting")
  }

  /// Attributes that let this program supply scratch memory.
  static func userScratch() -> dnnl_primitive_attr_t {
    var attributes: dnnl_primitive_attr_t?
    dnnlCheck(dnnl_primitive_attr_create(&attributes), "oneDNN", "creating attributes")
    dnnlCheck(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
      "oneDNN", "choosing scratch memory")
    guard let attributes else { preconditionFailure("[oneDNN] no attributes") }
    return attributes
  }

  /// The layout that `descriptor` has chosen for one of its arguments.
  static func layout(of descriptor: dnnl_primitive_desc_t, _ query: dnnl_query_t) -> DNNLLayout? {
    dnnl_primitive_desc_query_md(descriptor, query, 0).map { DNNLLayout($0.pointee) }
  }

  /// A primitive that copies between two layouts of the same values.
  static func reorder(from source: DNNLLayout, to target: DNNLLayout) -> DNNLPrimitive {
    var descriptor: dnnl_primitive_desc_t?
    let attributes = userScratch()
    defer { dnnl_primitive_attr_destroy(attributes) }
    withUnsafePointer(to: source.descriptor) { a in
      withUnsafePointer(to: target.descriptor) { b in
        dnnlCheck(
          dnnl_reorder_primitive_desc_create(
            &descriptor, a, DNNL.shared.engine, b, DNNL.shared.engine, attributes),
          "reorder", "describing it")
      }
    }
    guard let descriptor else { preconditionFailure("[reorder] oneDNN described nothing") }
    defer { dnnl_primitive_desc_destroy(descriptor) }
    return DNNLPrimitive(
      "reorder", descriptor,
      arguments: [
        Argument(index: DNNL_ARG_FROM, layout: source),
        Argument(index: DNNL_ARG_TO, layout: target),
      ])
  }
}
