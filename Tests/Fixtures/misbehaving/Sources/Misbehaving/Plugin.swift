import Glibc
import PluginAPI

/// Each component breaks one promise, and is named after the check that must find it.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(core: CoreStamp.value, described())
}

private func described() -> PluginDescription {
  usleep(120_000)  // Breaks `describe`.
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
