import Glibc
import PluginAPI

/// Each component breaks one promise, and is named after the check that must find it.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(core: CoreStamp.value, described())
}

/// What it does while it is described is said by `MISBEHAVE`, so that one build serves all tests.
private func described() -> PluginDescription {
  switch getenv("MISBEHAVE").map({ String(cString: $0) }) {
  case "overflow": print(overflow(1))
  case "trap": print([1, 2][Int(getpid())])
  case "hang": while true { pause() }
  case "exit": exit(0)
  case "print": print("{ \"described\": \"by myself\" }")
  case "threads":
    for _ in 0..<4 {
      var thread = pthread_t()
      pthread_create(&thread, nil, { _ in while true { pause() } }, nil)
    }
  default: usleep(120_000)  // Breaks `describe`.
  }
  _ = loadedBefore
  return PluginDescription(
    id: "misbehaving", summary: "Components that break one promise each.",
    components: [
      .component("sizes", "Stops at side 32.", StopsAtSize.self),
      .component("ports", "Makes images of another size than it says.", WrongShape.self),
      .component("gradients", "Cuts a gradient.", CutGradient.self),
      .component("second-order", "Cuts the derivative of a gradient.", CutSecondOrder.self),
      .component("seed", "Draws from the system's generator.", OwnDice.self),
      .component("load-order", "Depends on what was loaded before.", LoadOrder.self),
      .component("checkpoint", "Keeps state where no checkpoint looks.", HiddenState.self),
      .component("garbage", "Takes the absence of state for a beginning.", TakesAnyState.self),
      .component("names", "Forgets a weight in the table of published names.", ForgetfulNames.self),
      .component("settings", "Has a default outside of its range.", DefaultOutside.self),
      .component("sampling", "Moves a buffer whenever it is called.", MovesBuffer.self),
      .component("nan", "Takes NaN for nothing.", SwallowsNaN.self),
      .component("crash", "Reads where nothing is.", Crashes.self),
      .component("hang", "Never returns.", Hangs.self),
      .component("exit", "Ends the process as if all were well.", Exits.self),
    ])
}

/// Recursion until the stack ends.
private func overflow(_ depth: Int) -> Int {
  depth == .max ? 0 : overflow(depth + 1) + depth % 3
}
