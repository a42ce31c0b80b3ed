import Foundation

extension PluginError: CustomStringConvertible, LocalizedError {
  /// Four lines: subject and problem, then what was found, what was expected, and the cure.
  public var description: String {
    """
    \(subject): \(fault.problem)
      found     \(found)
      expected  \(expected)
      cure      \(fault.cure)
    """
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}

extension PluginError.Fault {
  /// What is wrong, as the end of a sentence that begins with the file.
  public var problem: String {
    switch self {
    case .absentFile: "no such plugin file"
    case .wrongKind: "not a shared library"
    case .wrongMachine: "built for another processor"
    case .writableByOthers: "every user of this machine may write it, and a plugin is trusted code"
    case .wrongHash: "not the file that the experiment asks for"
    case .missingSymbol: "needs a symbol that is defined nowhere"
    case .missingLibrary: "needs a library that isn't installed"
    case .notLoadable: "refused by the dynamic linker"
    case .noEntry: "a shared library, but no plugin"
    case .wrongMagic: "its entry point returns no plugin entry"
    case .otherAPI: "built for another version of the plugin API"
    case .otherCompiler: "built by another compiler"
    case .otherCore: "built against another core"
    case .privateCore: "carries its own copy of the core, so none of its types would match"
    case .replaced: "replaced after this process had loaded it"
    case .untried: "not tried, for no process could be started that does"
    case .died: "in quarantine, for it ended the process that tried it"
    case .duplicate: "offered by more than one file, so none is used"
    case .unknown: "no plugin has this id"
    }
  }

  /// What to do about it.
  public var cure: String {
    switch self {
    case .absentFile: "check the path, or build the plugin first"
    case .wrongKind: "name the lib….so that the build has left"
    case .wrongMachine: "rebuild it on this machine: \(Self.rebuild)"
    case .writableByOthers: "chmod o-w, or allow it with WORKBENCH_TRUST_WRITABLE_PLUGINS=1"
    case .wrongHash: "restore that file, or change the hash in the experiment"
    case .missingSymbol: "link the library that has it; for a symbol of the core, \(Self.rebuild)"
    case .missingLibrary: "install it, or rebuild the plugin against what is there"
    case .notLoadable, .otherCompiler, .otherCore: Self.rebuild
    case .noEntry: "add the entry point, or take the file off the search path"
    case .wrongMagic: "return PluginEntry(core: CoreStamp.value, PluginDescription(…))"
    case .otherAPI: "adapt its sources to the change (CHANGELOG.md), then \(Self.rebuild)"
    case .privateCore:
      "depend on the product WorkbenchCore of the package at Sources/, not on its targets"
    case .replaced: "start workbench again; code that is loaded can't be exchanged"
    case .untried: "see whether the machine has memory and disk left, then try again"
    case .died: "repair and rebuild it; it is tried again when file, core or compiler change"
    case .duplicate: "remove all but one, or take a folder off WORKBENCH_PLUGIN_PATH"
    case .unknown: "check the spelling, or add its folder to WORKBENCH_PLUGIN_PATH"
    }
  }

  private static let rebuild = "workbench plugin build FOLDER, or make for the workbench's own"
}
