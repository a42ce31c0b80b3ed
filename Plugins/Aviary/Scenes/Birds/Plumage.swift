/// Marks on a head.
public enum HeadPattern: String, CaseIterable, Sendable {
  case plain, capped, eyeline, eyebrow, masked, cheeked
}

/// Marks on a breast.
public enum BreastPattern: String, CaseIterable, Sendable {
  case plain, spotted, streaked, banded
}

/// Marks on a wing.
public enum WingPattern: String, CaseIterable, Sendable {
  case plain, barred, edged, spotted
}

/// The appearance of a bird: one look per labelled part, each drawn from a stream of its own.
public struct Plumage: Sendable, Hashable {
  /// Beak.
  public struct Beak: Sendable, Hashable {
    /// Upper and lower beak.
    public var color: Tint
    /// The tip is darker.
    var darkTip: Bool
  }

  /// Head.
  public struct Head: Sendable, Hashable {
    /// Face and neck side.
    public var color: Tint
    /// Top of the head; differs from the face where the pattern is `capped`.
    public var crown: Tint
    /// Chin and throat.
    public var throat: Tint
    /// Marks around the eye.
    public var pattern: HeadPattern
    /// Colour of these marks.
    public var mark: Tint
    /// A pale ring around the eye.
    public var eyeRing: Bool
  }

  /// Underparts.
  public struct Breast: Sendable, Hashable {
    /// Breast.
    public var color: Tint
    /// Belly and vent.
    public var belly: Tint
    /// Marks on the breast.
    public var pattern: BreastPattern
    /// Colour of these marks.
    public var mark: Tint
  }

  /// Wing and back.
  public struct Wing: Sendable, Hashable {
    /// Back and the wing's smaller feathers.
    public var color: Tint
    /// The long feathers.
    public var flight: Tint
    /// Marks on the wing.
    public var pattern: WingPattern
    /// Colour of these marks.
    public var mark: Tint
  }

  /// Tail.
  public struct Tail: Sendable, Hashable {
    /// The tail's feathers.
    public var color: Tint
    /// Pale outermost feathers.
    var paleEdge: Bool
  }

  /// Legs.
  public struct Legs: Sendable, Hashable {
    /// Legs and feet.
    public var color: Tint
  }

  /// One look per part.
  public var beak: Beak
  /// One look per part.
  public var head: Head
  /// One look per part.
  public var breast: Breast
  /// One look per part.
  public var wing: Wing
  /// One look per part.
  public var tail: Tail
  /// One look per part.
  public var legs: Legs
}
