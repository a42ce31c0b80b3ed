import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "essentials",
      summary:
        "Optimizers, schedules, losses, views, adapters and metrics that most experiments use.",
      components: [
        .component("constant", "The same factor throughout.", Constant.self),
        .component(
          "constant-then-linear-decay", "Full rate for a while, then a straight line to zero.",
          ConstantThenLinearDecay.self),
        .component("whole", "The image as it is.", Whole.self),
        .component(
          "attributes-as-caption", "A list of attributes read as a caption.",
          AttributesAsCaption.self),
      ],
      procedures: [Procedures.discriminatorFirst, Procedures.generatorFirst]))
}
