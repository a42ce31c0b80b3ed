import PluginAPI

/// The picture of a report: a row a sample, with its condition, what was generated and the real
/// image; or a sheet of generated images where there is no condition to show.
struct SampleGrid {
  let networks: Networks

  /// Draws every sample of an evaluation set.
  ///
  /// - Throws: the dataset's error about a sample, or a `ConfigurationError` where there is no
  ///   generator.
  func picture(of set: EvaluationSet) throws -> Image {
    guard networks.resolution.experiment.generator != nil else {
      throw ConfigurationError("the experiment has no generator, so there is nothing to sample")
    }
    var columns: [(title: String, images: [Image])] = []
    try set.forEachBatch { batch in
      for (index, column) in withoutGradient({ self.columns(batch) }).enumerated() {
        if columns.indices.contains(index) {
          columns[index].images += column.images
        } else {
          columns.append(column)
        }
      }
    }
    return arranged(columns)
  }

  private func columns(_ batch: EvaluationSet.Batch) -> [(title: String, images: [Image])] {
    let resolution = networks.resolution
    let values = StepValues.sampling(
      networks, batch.values, number: batch.number,
      mode: resolution.experiment.reports.sampleMode)
    var columns = conditions(values)
    for generation in resolution.experiment.generations {
      for port in resolution.parts["generator"]?.provided ?? [] where port.kind == .image {
        let images = values.outputs(Address(generation.name, port.name))[port.name].images()
        columns.append(("fake", images))
      }
    }
    if let target = resolution.targetImage {
      columns.append(("real", batch.values[target.name].images()))
    }
    return columns
  }

  /// The maps and images of the dataset that the generator sees, directly or through an adapter.
  private func conditions(_ values: StepValues) -> [(title: String, images: [Image])] {
    let resolution = networks.resolution
    let dataset = resolution.parts["dataset"]
    let bindings = resolution.parts["generator"]?.bindings ?? [:]
    return bindings.sorted { $0.key < $1.key }.compactMap { _, binding in
      guard binding.source.node == "dataset",
        let port = dataset?.provided.first(where: { $0.name == binding.source.port }),
        // Key points, captions and others of several parts are not drawn.
        let value = values.outputs(binding.source).tensor(port.name)
      else { return nil }
      switch port.kind {
      case .labelMap:
        let palette =
          networks.part("dataset", as: (any Dataset).self).palette
          ?? Palette.distinct(port["classes"] ?? 256)
        return ("label", value.labelImages().map { palette.colored($0) })
      case .image:
        return ("source", value.images())
      case .mask, .edges:
        return (port.name, (value * 2 - 1).images().map { $0.withChannels(3) })
      default:
        return nil
      }
    }
  }

  /// Rows of samples beside each other, so that the sheet is wider than high and
  /// every row is full.
  private func arranged(_ columns: [(title: String, images: [Image])]) -> Image {
    let count = columns.first?.images.count ?? 0
    let shown = columns.count > 2 ? columns : columns.filter { $0.title == "fake" }
    let wanted = 1.6 * (Double(count) / Double(shown.count)).squareRoot()
    var blocks = 1
    for candidate in 1...max(count, 1) where count % candidate == 0 {
      if abs(Double(candidate) - wanted) < abs(Double(blocks) - wanted) { blocks = candidate }
    }
    let height = (count + blocks - 1) / blocks
    let rows = (0..<height).map { row in
      (0..<blocks).flatMap { block -> [Image] in
        let index = block * height + row
        return index < count ? shown.map { $0.images[index] } : []
      }
    }
    let labels = shown.count > 1 ? (0..<blocks).flatMap { _ in shown.map(\.title) } : []
    return Image.grid(rows, columnLabels: labels)
  }
}
