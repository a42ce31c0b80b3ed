import AviaryScenes
import Testing

@Suite("Captions of birds")
struct CaptionTests {
  @Test("Five different sentences of 8 to 16 words, all in the vocabulary")
  func lengths() {
    for index in 0..<300 as Range<UInt64> {
      let sighting = Sighting.numbered(index)
      var draws = Draws(7, index)
      let captions = Caption.written(about: sighting, using: &draws)
      #expect(captions.count == Caption.perPicture)
      #expect(Set(captions).count == Caption.perPicture)
      for caption in captions {
        #expect((8...16).contains(caption.tokens.count), "\(caption.text)")
        #expect(caption.tokens.count <= Caption.maximumLength)
        let words = caption.tokens.map { Vocabulary.captions.words[$0] }
        #expect(words == caption.text.split { !$0.isLetter }.map(String.init))
      }
    }
  }

  @Test("Every word of a caption that names a colour names the true one")
  func truth() {
    var checked = 0
    for index in 0..<1_000 as Range<UInt64> {
      let sighting = Sighting.numbered(index)
      var draws = Draws(8, index)
      for caption in Caption.written(about: sighting, using: &draws) {
        let words = caption.text.split { !$0.isLetter }.map(String.init)
        for (place, word) in words.enumerated() {
          guard let colors = Self.colors(of: word, sighting) else { continue }
          // "a forked blue tail": the colour stands before; "its wings are blue": it comes after.
          let before = place > 0 ? words[place - 1] : ""
          let after =
            place + 2 < words.count && ["is", "are"].contains(words[place + 1])
            ? words[place + 2] : ""
          for claimed in [before, after] where Self.allColors.contains(claimed) {
            checked += 1
            #expect(colors.contains(claimed), "\(caption.text): \(word), which is \(colors)")
          }
        }
      }
    }
    #expect(checked > 5_000)
  }

  @Test("What a bird does and where is said truly")
  func activity() {
    for index in 0..<300 as Range<UInt64> {
      let sighting = Sighting.numbered(index)
      var draws = Draws(9, index)
      for caption in Caption.written(about: sighting, using: &draws) {
        #expect(
          !caption.text.contains("branch") || sighting.activity == .perched, "\(caption.text)")
        #expect(
          !caption.text.contains("flying") || sighting.activity == .flying, "\(caption.text)")
        #expect(
          !["ground", "meadow"].contains(where: caption.text.contains)
            || sighting.habitat == .ground, "\(caption.text)")
        #expect(!caption.text.contains("water") || sighting.habitat == .water, "\(caption.text)")
        #expect(!caption.text.contains("legs") || sighting.activity != .swimming, "\(caption.text)")
      }
    }
  }

  @Test("An article suits the word after it, and nothing is said twice")
  func grammar() {
    for index in 0..<300 as Range<UInt64> {
      var draws = Draws(10, index)
      for caption in Caption.written(about: .numbered(index), using: &draws) {
        let words = caption.text.split { !$0.isLetter }.map(String.init)
        for (word, next) in zip(words, words.dropFirst()) {
          #expect(word != next, "\(caption.text)")
          if word == "a" || word == "an" {
            #expect((word == "an") == "aeiou".contains(next.prefix(1)), "\(caption.text)")
          }
        }
        #expect(!caption.text.contains(" ,") && !caption.text.hasSuffix(","), "\(caption.text)")
      }
    }
  }

  @Test("The vocabulary starts with the end of captions and holds each word once")
  func vocabulary() {
    let vocabulary = Vocabulary.captions
    #expect(vocabulary.words[0] == "<end>")
    #expect(Set(vocabulary.words).count == vocabulary.words.count)
    #expect(vocabulary.number(of: "bird") != nil && vocabulary.number(of: "table") == nil)
    #expect(vocabulary.words.dropFirst().allSatisfy { vocabulary.number(of: $0) != nil })
    for color in PlumageColor.allCases.flatMap(\.words) {
      #expect(vocabulary.number(of: color) != nil, "\(color)")
    }
  }

  @Test("Nearly all of the vocabulary is used")
  func usage() {
    var used: Set<Int> = []
    for index in 0..<4_000 as Range<UInt64> {
      var draws = Draws(11, index)
      for caption in Caption.written(about: .numbered(index), using: &draws) {
        used.formUnion(caption.tokens)
      }
    }
    let unused = Vocabulary.captions.words.indices.dropFirst().filter { !used.contains($0) }
    #expect(unused.isEmpty, "\(unused.map { Vocabulary.captions.words[$0] })")
  }

  private static let allColors = Set(PlumageColor.allCases.flatMap(\.words))

  /// What may truly be said of the colour of the thing that `noun` names; nil for other words.
  private static func colors(of noun: String, _ sighting: Sighting) -> [String]? {
    let plumage = sighting.plumage
    let color: PlumageColor? =
      switch noun {
      case "beak", "bill": plumage.beak.color.name
      case "head", "face": plumage.head.color.name
      case "crown", "cap", "crest": plumage.head.crown.name
      case "throat": plumage.head.throat.name
      case "eyebrow", "mask", "cheek": plumage.head.mark.name
      case "breast", "chest", "underparts": plumage.breast.color.name
      case "belly": plumage.breast.belly.name
      case "wings", "upperparts": plumage.wing.color.name
      case "bars": plumage.wing.mark.name
      case "feathers": plumage.wing.flight.name
      case "tail": plumage.tail.color.name
      case "legs": plumage.legs.color.name
      case "streaks", "bands": plumage.breast.mark.name
      case "bird": plumage.wing.color.name
      default: nil
      }
    return color?.words
  }
}

extension Sighting {
  /// The largest bird of one scene of many.
  static func numbered(_ index: UInt64) -> Sighting {
    Scene(geometry: index, appearance: index &+ 0x1000_0000).sighting()
  }
}
