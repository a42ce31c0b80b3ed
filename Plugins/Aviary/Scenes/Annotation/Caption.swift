/// A sentence about a bird, true of it, in lower case without a full stop.
public struct Caption: Sendable, Hashable {
  /// The largest number of words.
  public static let maximumLength = 18
  /// How many belong to each picture.
  public static let perPicture = 5
  /// Lengths that are kept.
  private static let lengths = 8...16

  /// The sentence, with commas.
  public let text: String
  /// The numbers of its words in ``Vocabulary/captions``.
  public let tokens: [Int]

  /// Writes different sentences about a bird.
  ///
  /// - Parameters:
  ///   - sighting: the bird.
  ///   - count: how many.
  ///   - draws: chooses among what the grammar allows.
  /// - Returns: `count` captions, no two the same.
  public static func written(
    about sighting: Sighting, count: Int = perPicture, using draws: inout Draws
  ) -> [Caption] {
    var result: [Caption] = []
    while result.count < count {
      var writer = CaptionWriter(sighting, draws)
      let caption = writer.sentence().map { Caption($0) }
      draws = writer.draws
      guard let caption, lengths.contains(caption.tokens.count), !result.contains(caption) else {
        continue
      }
      result.append(caption)
    }
    return result
  }

  private init(_ pieces: [String]) {
    var text = ""
    for piece in pieces {
      if piece != ",", !text.isEmpty { text += " " }
      text += piece
    }
    self.text = text
    tokens = pieces.filter { $0 != "," }.map { word in
      guard let number = Vocabulary.captions.number(of: word) else {
        preconditionFailure("[Caption] \(word) is in no phrase of the grammar")
      }
      return number
    }
  }
}

/// Expands one sentence of the grammar.
private struct CaptionWriter {
  let sighting: Sighting
  var draws: Draws
  /// Parts not mentioned yet, in the order in which they will be.
  var parts = CaptionGrammar.Part.allCases

  init(_ sighting: Sighting, _ draws: Draws) {
    self.sighting = sighting
    self.draws = draws
  }

  /// Words and commas, or nil where the drawn sentence has nothing to say.
  mutating func sentence() -> [String]? {
    for index in parts.indices { parts.swapAt(index, index + draws.below(parts.count - index)) }
    guard var words = expanded(draws.pick(CaptionGrammar.sentences)) else { return nil }
    for index in words.indices.dropLast() where words[index] == "a" {
      if let first = words[index + 1].first, "aeio".contains(first) { words[index] = "an" }
    }
    return words
  }

  private mutating func expanded(_ phrase: String) -> [String]? {
    var result: [String] = []
    for piece in phrase.split(separator: " ").map(String.init) {
      var words: [String]? = [piece]
      if piece == "<bird>" {
        words = expanded(anyOf: CaptionGrammar.birds)
      } else if piece == "<feature>" {
        words = expandedPart(CaptionGrammar.features)
      } else if piece == "<clause>" {
        words = expandedPart(CaptionGrammar.clauses)
      } else if piece.hasPrefix("{") {
        let choices = filling(piece)
        words = choices.isEmpty ? nil : draws.pick(choices).split(separator: " ").map(String.init)
      }
      guard let words else { return nil }
      result += words
    }
    return result
  }

  private mutating func expanded(anyOf phrases: [String]) -> [String]? {
    let usable = phrases.filter { phrase in
      phrase.split(separator: " ").allSatisfy {
        !$0.hasPrefix("{") || !filling(String($0)).isEmpty
      }
    }
    return usable.isEmpty ? nil : expanded(draws.pick(usable))
  }

  private mutating func expandedPart(_ phrases: (CaptionGrammar.Part) -> [String]) -> [String]? {
    for (index, part) in parts.enumerated() {
      guard let words = expanded(anyOf: phrases(part)) else { continue }
      parts.remove(at: index)
      return words
    }
    return nil
  }

  private func filling(_ piece: String) -> [String] {
    guard let slot = CaptionSlot(rawValue: String(piece.dropFirst().dropLast())) else {
      preconditionFailure("[CaptionGrammar] there is no slot \(piece)")
    }
    return slot.words(for: sighting)
  }
}
