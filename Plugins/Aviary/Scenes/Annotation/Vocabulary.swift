/// The words of captions and their numbers, from 1; 0 ends a caption and pads it.
public struct Vocabulary: Sendable {
  /// The words; the number of a word is its index, and index 0 is `<end>`.
  public let words: [String]
  private let numbers: [String: Int]

  /// The vocabulary of the captions: every word their grammar can make, in alphabetical order.
  public static let captions = Vocabulary()

  private init() {
    var phrases = CaptionGrammar.sentences + CaptionGrammar.birds + ["an"]
    for part in CaptionGrammar.Part.allCases {
      phrases += CaptionGrammar.features(part) + CaptionGrammar.clauses(part)
    }
    for slot in CaptionSlot.allCases { phrases += slot.lexicon }
    let all = phrases.flatMap { $0.split(separator: " ") }
      .filter { word in word.allSatisfy { $0.isLetter } }
    words = ["<end>"] + Set(all.map(String.init)).sorted()
    numbers = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
  }

  /// The number of a word, or nil for one that no caption contains.
  public func number(of word: String) -> Int? { numbers[word] }
}
