package dev.ashlar.cli;

import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Runs;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ashlar doctor}. */
@Command(name = "doctor", description = "Shows what Ashlar runs on, and why.", mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Runtime jvm = Runtime.getRuntime();
    Registry plugins = common.plugins();
    String described;
    try (Backend backend = common.backend(new Runs(plugins))) {
      described = backend.describe();
    }
    out.println("java:       " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ", "
        + System.getProperty("java.vendor") + ")");
    out.println("machine:    " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + jvm.availableProcessors() + " processors");
    out.println("heap:       up to " + EpochTable.text("%,d MiB", jvm.maxMemory() >> 20)
        + "; tensors live outside of it");
    out.println("native:     access "
        + (Main.class.getModule().isNativeAccessEnabled() ? "enabled" : "not enabled (--enable-native-access=ALL-UNNAMED)"));
    out.println("vector api: " + (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? "there" : "not there (--add-modules=jdk.incubator.vector); needed only where machine code cannot be had"));
    out.println("backend:    " + described);
    out.println("plug-ins:   " + String.join(", ", plugins.entries().stream().map(e -> e.name() + " " + e.version()).toList()));
    plugins.refusals().forEach(r -> out.println("refused:    " + r.plugin() + " (" + r.origin() + "): " + r.reason()));
    return 0;
  }
}
