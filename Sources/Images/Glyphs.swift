/// A bitmap font for captions: five columns, seven rows above the line and two below.
///
/// One digit of base 32 a row from the top, its five bits from left to right; missing rows are empty.
enum Glyphs {
  /// Distance from one character to the next, in cells.
  static let advance = 6
  /// Rows of a line, descenders included.
  static let height = 9
  /// Columns of a character.
  static let width = 5

  /// The rows of a character, five bits each; a box for one that is not drawn.
  static func rows(of character: Character) -> [UInt8] {
    if character == " " { return [] }
    let code = codes[character] ?? "VHHHHHV"
    return code.compactMap { UInt8(String($0), radix: 32) }
  }

  private static let codes: [Character: String] = [
    "A": "EHHVHHH", "B": "UHHUHHU", "C": "EHGGGHE", "D": "UHHHHHU", "E": "VGGUGGV",
    "F": "VGGUGGG", "G": "EHGNHHE", "H": "HHHVHHH", "I": "E44444E", "J": "72222IC",
    "K": "HIKOKIH", "L": "GGGGGGV", "M": "HRLLHHH", "N": "HPPLJJH", "O": "EHHHHHE",
    "P": "UHHUGGG", "Q": "EHHHLID", "R": "UHHUKIH", "S": "FGGE11U", "T": "V444444",
    "U": "HHHHHHE", "V": "HHHHHA4", "W": "HHHLLRH", "X": "HHA4AHH", "Y": "HHA4444",
    "Z": "V1248GV", "a": "00E1FHF", "b": "GGUHHHU", "c": "00EGGHE", "d": "11FHHHF",
    "e": "00EHVGE", "f": "698S888", "g": "00FHHHF1E", "h": "GGUHHHH", "i": "40C444E",
    "j": "2062222IC", "k": "GGIKOKI", "l": "C44444E", "m": "00QLLLL", "n": "00UHHHH",
    "o": "00EHHHE", "p": "00UHHHUGG", "q": "00FHHHF11", "r": "00MPGGG", "s": "00FGE1U",
    "t": "88S8896", "u": "00HHHHF", "v": "00HHHA4", "w": "00HLLLA", "x": "00HA4AH",
    "y": "00HHHHF1E", "z": "00V248V", "0": "EHJLPHE", "1": "4C4444E", "2": "EH1248V",
    "3": "V2421HE", "4": "26AIV22", "5": "VGU11HE", "6": "68GUHHE", "7": "V124888",
    "8": "EHHEHHE", "9": "EHHF12C", ".": "00000CC", ",": "0000CC48", ":": "0CC0CC0",
    ";": "0CC0CC48", "!": "4444404", "?": "EH12404", "'": "4480000", "\"": "AA00000",
    "(": "2488842", ")": "8422248", "[": "E88888E", "]": "E22222E", "{": "6448446",
    "}": "C44244C", "-": "000V000", "_": "000000V", "+": "044V440", "=": "00V0V00",
    "*": "0LEVEL0", "/": "11248GG", "\\": "GG84211", "|": "4444444", "<": "248G842",
    ">": "8421248", "#": "AAVAVAA", "%": "PP248JJ", "&": "CIK8LID", "@": "EHNLMGE",
    "$": "4FKE5U4", "^": "4AH0000", "`": "8400000", "~": "008L200",
  ]
}
