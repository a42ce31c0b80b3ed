import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "smis",
      summary: "Semantically multi-modal image synthesis: one code a class.",
      paper: "arXiv:2003.12697",
      components: [
        .component(
          "groupdnet", "Decoder whose groups of convolutions fall from one a class to one.",
          GroupDNet.self),
        .component(
          "class-split", "One latent map a class, from one image a class.",
          ClassSplitEncoder.self),
        .component(
          "multiscale", "Patches at full and half size, beside labels.",
          MultiscaleDiscriminator.self),
        .component(
          "spade", "Decoder whose norms are told by the labels, without groups.",
          SPADEGenerator.self),
        .component("image-encoder", "One latent vector from the whole image.", ImageEncoder.self),
        .component("mulnet", "One decoder a class, and a few layers that fuse them.", MulNet.self),
      ], tables: [Tables.diversity, Tables.fidelity]))
}
