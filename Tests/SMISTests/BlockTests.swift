import PluginAPI
import TestSupport
import Testing

@testable import SMISNetworks

@Suite("Blocks of GroupDNet against PyTorch")
struct BlockTests {
  @Test("A grouped convolution with spectral norm: one matrix over all groups")
  func spectralConvolution() throws {
    let layer = normalized(convolution(6, 8, groups: 2), true)
    let spectral = try #require(layer as? SpectralNorm)
    let names = [
      "weight": "weight_orig", "bias": "bias", "u": "weight_u", "v": "weight_v",
    ]
    try RecordedCase(file: .load("smis"), name: "conv").compare(
      spectral, names: names, inputs: [HashedNumbers.tensor("conv/x", [2, 5, 6, 6])]
    ) { [spectral($0[0], in: $1)] }
  }

  @Test(
    "The three published norms",
    arguments: [
      ("deepfashion", Variant.deepfashion, 4, false), ("cityscapes", .cityscapes, 3, true),
      ("ade20k", .ade20k, 3, false), ("ade20k.divided", .ade20k, 4, false),
    ])
  func norms(_ name: String, _ variant: Variant, classes: Int, edges: Bool) throws {
    let map = SemanticMap(classes: classes, hasEdges: edges, isInterleaved: edges)
    let norm = CGNorm(variant, map: map, hidden: 6, norm: .batch).layer(12, groups: 2)
    let planes = planes(map, "norm.\(name)/labels", 12, 16)
    try RecordedCase(file: .load("smis"), name: "norm.\(name)").compare(
      norm, names: norm.publishedNames,
      inputs: [HashedNumbers.tensor("norm.\(name)/x", [2, 6, 8, 12])]
    ) { [norm($0[0], planes, in: $1)] }
  }

  @Test("The printed norm, and one with spectral norms within", arguments: ["printed", "spectral"])
  func printedNorms(_ name: String) throws {
    let map = SemanticMap(classes: 4, hasEdges: false, isInterleaved: false)
    let form =
      name == "printed" ? BlockForm(modulation: .plain) : BlockForm(spectral: .all)
    let norm = CGNorm(.deepfashion, map: map, hidden: 6, norm: .batch, form: form)
      .layer(12, groups: 2)
    let planes = planes(map, "norm.printed/labels", 12, 16)
    try RecordedCase(file: .load("smis"), name: "norm.\(name)").compare(
      norm, names: norm.publishedNames,
      inputs: [HashedNumbers.tensor("norm.printed/x", [2, 6, 8, 12])]
    ) { [norm($0[0], planes, in: $1)] }
  }

  @Test("The printed block: ReLU, γ and spectral norms everywhere")
  func printedBlock() throws {
    let map = SemanticMap(classes: 4, hasEdges: false, isInterleaved: false)
    let form = BlockForm(activation: .relu, modulation: .plain, spectral: .all)
    let norms = CGNorm(.deepfashion, map: map, hidden: 6, norm: .batch, form: form)
    let block = CGBlock(8, 4, groups: 2, norms: norms)
    let planes = planes(map, "norm.printed/labels", 12, 16)
    try RecordedCase(file: .load("smis"), name: "block.printed").compare(
      block, names: block.publishedNames,
      inputs: [HashedNumbers.tensor("block.printed/x", [2, 6, 8, 8])]
    ) { [block($0[0], planes, in: $1)] }
  }

  @Test("Which weights are divided is a word, or true and false")
  func spectral() throws {
    for (setting, expected) in [
      (true, .inner), (false, .none), ("none", .none), ("inner", .inner), ("all", .all),
    ] as [(Setting, Spectral)] {
      #expect(try Spectral(setting: setting) == expected)
    }
    for setting in ["most", 1] as [Setting] {
      #expect(throws: (any Error).self) { try Spectral(setting: setting) }
    }
  }

  @Test("Residual blocks with and without a convolution beside", arguments: [8, 4])
  func blocks(outChannels: Int) throws {
    let name = outChannels == 8 ? "block.same" : "block.changing"
    let map = SemanticMap(classes: 4, hasEdges: false, isInterleaved: false)
    let norms = CGNorm(.deepfashion, map: map, hidden: 6, norm: .batch)
    let block = CGBlock(8, outChannels, groups: 2, norms: norms)
    let planes = planes(map, "\(name)/labels", 12, 16)
    try RecordedCase(file: .load("smis"), name: name).compare(
      block, names: block.publishedNames,
      inputs: [HashedNumbers.tensor("\(name)/x", [2, 6, 8, 8])]
    ) { [block($0[0], planes, in: $1)] }
  }

  private func planes(_ map: SemanticMap, _ name: String, _ height: Int, _ width: Int) -> Tensor {
    let labels = HashedNumbers.labels(name, 2, height, width, classes: map.classes)
    let edges = HashedNumbers.labels("\(name).edges", 2, height, width, classes: 2, block: 2)
    return map.planes(labels, map.hasEdges ? edges.expandedDims(3) : nil)
  }

  @Test("Edges follow each class's plane, or all planes")
  func edges() {
    let labels = Tensor([0, 1], [1, 1, 2])
    let edges = Tensor([1, 0], [1, 1, 2, 1])
    let each = SemanticMap(classes: 2, hasEdges: true, isInterleaved: true)
    #expect(each.planes(labels, edges).scalars() == [1, 1, 0, 1, 0, 0, 1, 0])
    let all = SemanticMap(classes: 2, hasEdges: true, isInterleaved: false)
    #expect(all.planes(labels, edges).scalars() == [1, 0, 1, 0, 1, 0])
  }

  @Test("A class sees the box around its pixels, stretched; an absent one zeros")
  func split() {
    // Class 1 covers the lower right corner of a 2×4 image.
    let labels = Tensor([0, 0, 0, 0, 0, 0, 1, 1], [1, 2, 4])
    let image = Tensor((1...8).map { Float($0) }, [1, 2, 4, 1])
    let plain = classSplit(image, labels, classes: 3, crops: false)
    #expect(plain.sliced(axis: 3, from: 1, to: 2).scalars() == [0, 0, 0, 0, 0, 0, 7, 8])
    let cropped = classSplit(image, labels, classes: 3, crops: true)
    #expect(cropped.sliced(axis: 3, from: 0, to: 1).scalars() == [1, 2, 3, 4, 5, 6, 0, 0])
    #expect(cropped.sliced(axis: 3, from: 1, to: 2).scalars() == [7, 7, 8, 8, 7, 7, 8, 8])
    #expect(cropped.sliced(axis: 3, from: 2, to: 3).scalars() == [0, 0, 0, 0, 0, 0, 0, 0])
  }
}
