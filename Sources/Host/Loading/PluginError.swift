/// Why a plugin isn't used: what is wrong, with which file, what was found and what was expected.
///
/// The wording is in `PluginError+Wording.swift`.
public struct PluginError: Error, Hashable, Codable, Sendable {
  /// What can be wrong with a plugin.
  public enum Fault: String, Codable, CaseIterable, Sendable {
    /// There is no regular file at the path.
    case absentFile
    /// The file is not a shared library.
    case wrongKind
    /// The file is a shared library for another processor.
    case wrongMachine
    /// Every user of the machine may write the file, or its folder.
    case writableByOthers
    /// The file isn't the one that the experiment asks for.
    case wrongHash
    /// A symbol that the file needs is defined nowhere.
    case missingSymbol
    /// A library that the file needs isn't there.
    case missingLibrary
    /// The dynamic linker refuses the file for another reason.
    case notLoadable
    /// The library has no entry point, so it is no plugin.
    case noEntry
    /// The entry point returned something that is no plugin entry.
    case wrongMagic
    /// The plugin was compiled with another version of the plugin API.
    case otherAPI
    /// The plugin was compiled by another compiler.
    case otherCompiler
    /// The plugin was compiled against other sources of the core.
    case otherCore
    /// The plugin carries its own copy of the core, so its types are strangers to the host's.
    case privateCore
    /// The file was replaced after this process had loaded it; the old code would go on running.
    case replaced
    /// The process that tried the plugin crashed, ended or hung.
    case died
    /// No process could be started that tries the plugin; nothing is known of it.
    case untried
    /// Several files offer the same plugin.
    case duplicate
    /// No plugin has the id.
    case unknown
  }

  /// What is wrong.
  public let fault: Fault
  /// The file's path; for `duplicate` and `unknown` the plugin's id.
  public let subject: String
  /// What is there.
  public let found: String
  /// What should be there.
  public let expected: String

  /// Creates an error about `subject`.
  public init(_ fault: Fault, _ subject: String, found: String, expected: String) {
    self.fault = fault
    self.subject = subject
    self.found = found
    self.expected = expected
  }
}
