import PluginAPI

extension ExperimentSchema {
  /// What is the same with every set of plugins, and the names of the procedures that they ship.
  var grammar: [JSONValue.Member] {
    guard var definitions = try? JSONValue(parsing: Self.text, named: "grammar") else {
      preconditionFailure("[ExperimentSchema] the grammar is no JSON")
    }
    let procedures = catalog.procedures.sorted { $0.key < $1.key }.map { id, procedure in
      ["const": JSONValue(id), "description": JSONValue(procedure.summary)] as JSONValue
    }
    if !procedures.isEmpty {
      definitions.set("shippedProcedure.oneOf", JSONValue(procedures))
      definitions.set("shippedProcedure.type", "string")
    }
    let whole = definitions["experiment"]?["properties"]?.members ?? []
    let changed = whole.map { JSONValue.Member($0.key, orNull(changing($0.key, $0.value))) }
    definitions.set(
      "changedExperiment",
      [
        "type": "object", "properties": JSONValue(.object(changed)), "additionalProperties": false,
      ])
    return definitions.members ?? []
  }

  /// What a file that extends another may say under a key: objects merge, so nothing is required.
  private func changing(_ key: String, _ schema: JSONValue) -> JSONValue {
    switch key {
    case "dataset", "latent", "generator": return ["$ref": JSONValue("#/$defs/changed.\(key)")]
    case "latents": return named("latent")
    case "perceptors", "encoders", "optimizers": return named(key)
    case "training", "reports", "generations", "plugins": return ["type": "object"]
    default: return schema
    }
  }

  private func named(_ section: String) -> JSONValue {
    let part = orNull(["$ref": JSONValue("#/$defs/changed.\(section)")])
    return ["type": "object", "additionalProperties": part]
  }

  private static let text = #"""
    {
      experiment: {
        type: "object",
        required: ["dataset"],
        // Only stages may train where there is no generator.
        if: {
          anyOf: [{ required: ["generator"] }, { properties: { stages: { maxItems: 0 } } }],
        },
        then: { required: ["procedure"] },
        additionalProperties: false,
        properties: {
          $schema: { type: "string", description: "Where this schema lies, for editors." },
          extends: {
            type: "string", minLength: 1,
            description: "Another experiment that this one changes; relative to this file.",
          },
          plugins: {
            type: "object",
            description: "Plugin files that are insisted on, by the beginning of their SHA-256.",
            additionalProperties: { type: "string", pattern: "^[0-9a-fA-F]{8,64}$" },
          },
          format: { const: 1, description: "The version of this format." },
          name: {
            type: "string", pattern: "^[^/\\s]+$", default: "experiment",
            description: "What run folders are called by.",
          },
          seed: {
            type: "integer", minimum: 0, maximum: 18446744073709551615, default: 1,
            description: "The seed of every random stream.",
          },
          precision: {
            enum: ["single", "bfloat16"], default: "single",
            description: "What convolutions multiply in training.",
          },
          dataset: { $ref: "#/$defs/dataset" },
          latent: { $ref: "#/$defs/latent" },
          latents: { type: "object", additionalProperties: { $ref: "#/$defs/latent" } },
          perceptors: {
            type: "object", additionalProperties: { $ref: "#/$defs/perceptors" },
            description: "Feature networks that slots and stages share.",
          },
          encoders: { type: "object", additionalProperties: { $ref: "#/$defs/encoders" } },
          generator: { $ref: "#/$defs/generator" },
          generations: {
            type: "object", minProperties: 1,
            description: "What the generator is run for in a step; one, called main, by default.",
            additionalProperties: {
              type: "object", additionalProperties: false,
              properties: { inputs: { $ref: "#/$defs/inputs" } },
            },
          },
          discriminators: { type: "array", items: { $ref: "#/$defs/discriminators" } },
          losses: { type: "array", items: { $ref: "#/$defs/losses" } },
          optimizers: { type: "object", additionalProperties: { $ref: "#/$defs/optimizers" } },
          procedure: { $ref: "#/$defs/procedure" },
          stages: {
            type: "array", items: { $ref: "#/$defs/stage" },
            description: "What comes before: pre-training.",
          },
          training: { $ref: "#/$defs/training" },
          reports: { $ref: "#/$defs/reports" },
          output: {
            type: "string", default: "runs", description: "Where run folders are made.",
          },
          run: { description: "What a run has recorded of itself; ignored." },
        },
      },
      duration: {
        type: "object", minProperties: 1, maxProperties: 1, additionalProperties: false,
        description: "A length of training, in one unit.",
        properties: {
          images: { $ref: "#/$defs/count" }, steps: { $ref: "#/$defs/count" },
          epochs: { $ref: "#/$defs/count" },
        },
      },
      count: { type: "integer", minimum: 0, maximum: 1000000000000 },
      strings: {
        anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
      },
      inputs: {
        type: "object", additionalProperties: { type: "string", pattern: "\\." },
        description: "Ports bound by hand: own port to \"node.port\".",
      },
      weight: {
        description: "A factor, or a ramp that is `to` after `over` and stays there.",
        default: 1,
        anyOf: [
          { type: "number" },
          {
            type: "object", additionalProperties: false, required: ["from", "to", "over"],
            properties: {
              from: { type: "number" }, to: { type: "number" },
              over: { $ref: "#/$defs/duration" },
            },
          },
        ],
      },
      procedure: {
        description: "What a step does: a procedure that a plugin ships, or phases.",
        anyOf: [
          { $ref: "#/$defs/shippedProcedure" },
          {
            type: "object", additionalProperties: false, required: ["phases"],
            properties: {
              phases: { type: "array", minItems: 1, items: { $ref: "#/$defs/phase" } },
            },
          },
        ],
      },
      // Filled in from the plugins.
      shippedProcedure: {},
      phase: {
        type: "object", additionalProperties: false,
        required: ["updates", "optimizer", "losses"],
        properties: {
          name: { type: "string", description: "In logs; by default what it updates." },
          updates: { $ref: "#/$defs/strings" },
          optimizer: { type: "string" },
          losses: {
            anyOf: [
              { enum: ["generator", "discriminator"] },
              { type: "array", minItems: 1, items: { type: "string" } },
            ],
          },
          side: { enum: ["generator", "discriminator"] },
          batch: { enum: ["same", "new"], default: "same" },
          generation: {
            default: "reuse",
            anyOf: [
              { enum: ["reuse", "fresh"] },
              { type: "object", additionalProperties: { enum: ["reuse", "fresh"] } },
            ],
          },
          pass: { enum: ["joint", "fakeFirst", "realFirst"], default: "fakeFirst" },
          modes: { type: "object", additionalProperties: { enum: ["training", "evaluation"] } },
          clip: {
            type: "object", additionalProperties: false, required: ["norm"],
            properties: {
              norm: { type: "number", exclusiveMinimum: 0 }, of: { $ref: "#/$defs/strings" },
            },
          },
          step: { enum: ["now", "later"], default: "now" },
          every: { $ref: "#/$defs/duration" },
        },
      },
      stage: {
        type: "object", additionalProperties: false, required: ["procedure"],
        properties: {
          name: { type: "string" },
          losses: { type: "array", items: { $ref: "#/$defs/losses" } },
          optimizers: { type: "object", additionalProperties: { $ref: "#/$defs/optimizers" } },
          procedure: { $ref: "#/$defs/procedure" },
          training: { $ref: "#/$defs/training" },
        },
      },
      training: {
        type: "object", additionalProperties: false,
        properties: {
          batchSize: { type: "integer", minimum: 1, default: 8 },
          for: { $ref: "#/$defs/duration", default: { images: 200000 } },
          average: {
            description: "A moving average of the generator's weights; none by default.",
            anyOf: [
              { type: "null" },
              {
                type: "object", additionalProperties: false, minProperties: 1, maxProperties: 1,
                properties: {
                  halfLife: { $ref: "#/$defs/duration" },
                  decay: { type: "number", minimum: 0, exclusiveMaximum: 1 },
                },
              },
            ],
          },
          checkpoints: {
            type: "object", additionalProperties: false,
            properties: {
              every: { $ref: "#/$defs/duration" },
              keep: { type: "integer", minimum: 1, default: 2 },
            },
          },
        },
      },
      reports: {
        type: "object", additionalProperties: false,
        properties: {
          every: { $ref: "#/$defs/duration", default: { images: 10000 } },
          samples: { type: "integer", minimum: 1, default: 16 },
          sampleMode: { enum: ["evaluation", "training"], default: "evaluation" },
          metrics: { type: "array", items: { $ref: "#/$defs/metrics" } },
          metricSamples: { type: "integer", minimum: 1, default: 256 },
        },
      },
    }
    """#
}
