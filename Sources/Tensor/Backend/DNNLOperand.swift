internal import COneDNN

/// An operand of a primitive: the layout the primitive wants, and the way there from the plain one or back.
struct DNNLOperand {
  let layout: DNNLLayout
  /// Between the plain layout and the primitive's; absent when they agree.
  private let reorder: DNNLPrimitive?
  private let floats: Int
  private let form: DNNLForm

  /// - Parameters:
  ///   - plain: the layout in which the numbers come or go.
  ///   - chosen: the primitive's.
  ///   - isInput: whether the primitive reads it, else it writes it.
  init(_ plain: DNNLLayout, _ chosen: DNNLLayout?, _ isInput: Bool) {
    layout = chosen ?? plain
    floats = (layout.bytes + 3) / 4
    form = DNNLForm(layout)
    if layout.isEqual(to: plain) {
      reorder = nil
    } else {
      reorder = isInput ? .reorder(from: plain, to: layout) : .reorder(from: layout, to: plain)
    }
  }

  /// The numbers in the primitive's order.
  ///
  /// A copy may stay beside `plain` for the next time. Weights and gradients are worth it; images
  /// live long, from a forward pass to its backward pass, and would take twice the memory.
  func taken(from plain: Storage, keeping: Storage.Keeping) -> Storage {
    guard let reorder else { return plain }
    return plain.form(form, keeping: keeping) {
      let copy = Storage(count: floats)
      reorder.run(plain.pointer, copy.pointer)
      return copy
    }
  }

  /// Lets `body` write in the primitive's order, and brings the result into `plain`.
  func written(to plain: Storage, _ body: (Storage) -> Void) {
    guard let reorder else {
      body(plain)
      return
    }
    let copy = Storage(count: floats)
    body(copy)
    reorder.run(copy.pointer, plain.pointer)
  }
}

/// The key under which a copy in another order lies beside the plain numbers: equal layouts, equal keys.
struct DNNLForm: Hashable {
  private let index: Int

  nonisolated(unsafe) private static var known: [DNNLLayout] = []

  init(_ layout: DNNLLayout) {
    if let index = Self.known.firstIndex(where: { $0.isEqual(to: layout) }) {
      self.index = index
    } else {
      index = Self.known.count
      Self.known.append(layout)
    }
  }
}
