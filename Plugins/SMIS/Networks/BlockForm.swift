import PluginAPI

/// Which weights are divided by their largest singular values.
package enum Spectral: String, CaseIterable, HyperparameterValue {
  /// None.
  case none
  /// Those the published code divides: of a decoder's blocks, of an encoder's convolutions with stride,
  /// of a discriminator's convolutions before a norm.
  case inner
  /// All, as printed: those within conditional norms, of first and of last layers too.
  case all

  /// Reads a choice, or `true` for `inner` and `false` for `none`.
  ///
  /// - Throws: `HyperparameterProblem` for anything else.
  package init(setting: Setting) throws {
    if case .bool(let isInner) = setting {
      self = isInner ? .inner : .none
      return
    }
    guard case .string(let name) = setting else {
      throw HyperparameterProblem.wrongType(expected: Self.typeName, found: setting.text)
    }
    guard let choice = Self(rawValue: name) else {
      throw HyperparameterProblem.unknownChoice(found: name, known: Self.choices ?? [])
    }
    self = choice
  }
}

/// What stands between the norms and convolutions of a residual block.
package enum BlockActivation: String, CaseIterable, HyperparameterValue {
  /// As published, with slope 0.2.
  case leaky
  /// As printed.
  case relu

  func callAsFunction(_ x: Tensor) -> Tensor { self == .leaky ? x.leakyRelu(slope) : x.relu() }
}

/// How γ of a conditional norm scales.
package enum Modulation: String, CaseIterable, HyperparameterValue {
  /// `norm(x) · (1 + γ) + β`, as published; batch norms have no affine map.
  case aroundOne
  /// `norm(x) · γ + β`, as printed; batch norms have an affine map.
  case plain
}

/// Where the blocks of the paper and of the published code differ; the code's by default.
package struct BlockForm {
  let activation: BlockActivation
  let modulation: Modulation
  let spectral: Spectral

  package init(
    activation: BlockActivation = .leaky, modulation: Modulation = .aroundOne,
    spectral: Spectral = .inner
  ) {
    (self.activation, self.modulation, self.spectral) = (activation, modulation, spectral)
  }
}
