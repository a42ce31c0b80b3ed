import ArgumentParser
@preconcurrency import Glibc
import PluginAPI

/// The program: one subcommand a verb.
public struct WorkbenchCommand: ParsableCommand {
  /// Name, help and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "workbench",
    abstract:
      "Combines parts of generative adversarial networks, trains them, and shows what they make.",
    discussion: """
      An experiment is a file, workbench.json, that names a dataset, a generator, discriminators, \
      losses and optimizers. Each comes from a plugin, and any may be exchanged for another:

        workbench train                        train workbench.json
        workbench train --set generator.with.width=16
                                               the same with another setting
        workbench list                         what there is to choose from
        workbench inspect essentials/adam      what one part does and takes
        workbench why my-plugin                why a plugin can or cannot be used
        workbench resolve my.json              check a file without training
        workbench schema -o schema.json        for an editor that completes experiments
        workbench doctor my.json               check machine, plugins and data
        workbench sample runs/aviary-mixed-1   pictures from a trained run
        workbench evaluate runs/aviary-mixed-1 its metrics, speed and size
        workbench tool ID runs/aviary-mixed-1  edits and figures with a trained model
        workbench profile my.json              where the time and memory of a step go
      """,
    subcommands: [
      TrainCommand.self, SampleCommand.self, ListCommand.self, InspectCommand.self, WhyCommand.self,
      ResolveCommand.self, SchemaCommand.self, ProfileCommand.self, ApplyCommand.self,
      EvaluateCommand.self, ToolCommand.self, WeightsCommand.self,
      DoctorCommand.self, PluginCommand.self,
    ])

  /// Creates the command.
  public init() {}

  /// Runs the program with the process's arguments; never returns on a fault.
  public static func run() {
    // A plugin is described in a process of its own: this one, when the host has started it so.
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == PluginProbe.command {
      PluginProbe.answer(for: arguments[2])
    }
    if arguments.count == 3, arguments[1] == CheckRequest.command {
      CheckRequest.answer(arguments[2])
    }
    // A log file shows each line when it is written, as a terminal does.
    setvbuf(stdout, nil, _IOLBF, 0)
    main()
  }
}

/// Ends a command with a message a person can act on, instead of a type's debug form.
func reporting<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as ExitCode {
    throw error
  } catch let error as CleanExit {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    complain("\(error)")
    throw ExitCode.failure
  }
}
