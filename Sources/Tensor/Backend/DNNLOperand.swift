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

  /// Whether both primitives want the numbers in the same order.
  func hasOrder(of other: DNNLOperand) -> Bool { form == other.form }

  /// The numbers in the primitive's order.
  ///
  /// A copy may stay beside `plain` for the next time. Weights and gradients are worth it; images
  /// live long, from a forward pass to its backward pass, and would take twice the memory.
  /// The operand may be a part of `plain`, from `offset` on.
  func taken(from plain: Storage, at offset: Int = 0, keeping: Storage.Keeping) -> Storage {
    if reorder == nil && offset == 0 { return plain }
    return plain.form(Place(form: form, offset: offset), keeping: keeping) {
      let copy = Storage(count: floats)
      if let reorder {
        reorder.run(plain.pointer + offset, copy.pointer)
      } else {
        copy.pointer.update(from: plain.pointer + offset, count: floats)
      }
      return copy
    }
  }

  private struct Place: Hashable {
    let form: DNNLForm
    let offset: Int
  }

  /// Lets `body` write in the primitive's order, and brings the result into `plain`, from `offset` on.
  func written(
    to plain: Storage, at offset: Int = 0, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    guard let reorder else {
      body(plain.pointer + offset)
      return
    }
    let copy = Storage(count: floats)
    body(copy.pointer)
    reorder.run(copy.pointer, plain.pointer + offset)
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
