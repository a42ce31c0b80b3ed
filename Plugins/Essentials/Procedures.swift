import PluginAPI

/// What a training step does, in the two usual orders.
///
/// Encoders learn with the generator; an experiment with one that should stay as it is (a text
/// encoder trained before) writes its phases out and leaves `encoders` away.
enum Procedures {
  /// One batch and one generation: D learns from the detached images, then G from the same ones.
  static let discriminatorFirst = ProcedureDescription(
    "discriminator-first",
    "Discriminators first, then the generator on the same batch and the same generated images.",
    json: """
      {
        "phases": [
          {
            "name": "discriminator", "updates": ["discriminators"], "optimizer": "discriminators",
            "losses": "discriminator", "batch": "new", "generation": "fresh", "pass": "fakeFirst"
          },
          {
            "name": "generator", "updates": ["generator", "encoders"], "optimizer": "generator",
            "losses": "generator", "batch": "same", "generation": "reuse", "pass": "fakeFirst"
          }
        ]
      }
      """)

  /// One batch: G learns, then D from images that the updated generator makes anew.
  static let generatorFirst = ProcedureDescription(
    "generator-first",
    "The generator first, then the discriminators on the same batch and newly generated images.",
    json: """
      {
        "phases": [
          {
            "name": "generator", "updates": ["generator", "encoders"], "optimizer": "generator",
            "losses": "generator", "batch": "new", "generation": "fresh", "pass": "joint"
          },
          {
            "name": "discriminator", "updates": ["discriminators"], "optimizer": "discriminators",
            "losses": "discriminator", "batch": "same", "generation": "fresh", "pass": "joint"
          }
        ]
      }
      """)
}
