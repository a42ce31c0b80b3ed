import Host

// A plugin is described in a process of its own: this one, when the host has started it so.
if CommandLine.arguments.count == 3, CommandLine.arguments[1] == PluginProbe.command {
  PluginProbe.answer(for: CommandLine.arguments[2])
}

for listing in PluginCatalog().listings {
  switch listing.verdict {
  case .described(let summary): print(summary.id, listing.path)
  case .refused(let error): print(error)
  }
}
