package dev.ashlar.cli;

import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Runs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ashlar doctor}. */
@Command(name = "doctor", description = "Shows what Ashlar runs on, and why; and what would make it faster.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar doctor",
        "  ashlar doctor --threads 4",
        "  ASHLAR_JAVA_OPTS=-Xmx8g ashlar doctor"})
final class DoctorCommand implements Callable<Integer> {

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Registry plugins = common.plugins(null);
    String described;
    try (Backend backend = common.backend(new Runs(plugins))) {
      described = backend.describe();
    }
    Machine machine = Machine.here();
    Runtime jvm = Runtime.getRuntime();
    line(out, "java", Runtime.version() + " (" + System.getProperty("java.vm.name") + ", "
        + System.getProperty("java.vendor") + "), " + System.getProperty("java.home"));
    line(out, "machine", System.getProperty("os.name") + " " + System.getProperty("os.arch")
        + machine.processor().map(name -> ", " + name).orElse(""));
    line(out, "processors", jvm.availableProcessors() + " for this process");
    line(out, "vectors", machine.vectors().orElse("not known on this system"));
    line(out, "memory", memory(machine));
    line(out, "container", limits(machine));
    line(out, "heap", "up to " + size(jvm.maxMemory()) + "; tensors live outside of it");
    line(out, "native", "access " + (isNative() ? "enabled" : "not enabled"));
    line(out, "vector api", hasVectorApi() ? "there" : "not there; needed only where machine code cannot be had");
    line(out, "backend", described);
    line(out, "kept code", keptCode());
    line(out, "plug-ins",
        String.join(", ", plugins.entries().stream().map(e -> e.name() + " " + e.version()).toList()));
    plugins.refusals().forEach(r -> line(out, "refused", r.plugin() + " (" + r.origin() + "): " + r.reason()));
    advice(machine, described).forEach(text -> line(out, "advice", text));
    return 0;
  }

  private static List<String> advice(Machine machine, String backend) {
    List<String> advice = new ArrayList<>();
    if (!isNative()) {
      advice.add("start the JVM with --enable-native-access=ALL-UNNAMED: kernels are machine code then");
    }
    if (backend.contains("no machine code") && !hasVectorApi()) {
      advice.add("start the JVM with --add-modules=jdk.incubator.vector: kernels use vector instructions then");
    }
    OptionalLong limit = machine.memoryLimit();
    if (limit.isPresent() && Runtime.getRuntime().maxMemory() > limit.getAsLong() / 2) {
      advice.add("the heap may take most of what the container gives; tensors need the rest: a smaller -Xmx leaves them"
          + " more");
    }
    return advice;
  }

  /** Where machine code of earlier processes lies, and how much. */
  private static String keptCode() {
    String folder = System.getProperty("ashlar.code");
    if (folder == null) {
      return "none: the property ashlar.code names no folder";
    }
    long kernels = 0;
    long bytes = 0;
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        kernels++;
        bytes += Files.size(file);
      }
    } catch (IOException | UncheckedIOException e) {
      return kernels == 0 ? "none yet; goes to " + folder : "in " + folder;
    }
    return EpochTable.count(kernels, "kernel") + EpochTable.text(", %,d KiB, in ", bytes >> 10) + folder;
  }

  private static String memory(Machine machine) {
    return machine.memory().isEmpty() ? "not known on this system"
        : size(machine.memory().getAsLong())
            + (machine.available().isEmpty() ? "" : ", " + size(machine.available().getAsLong()) + " of it free");
  }

  private static String limits(Machine machine) {
    List<String> limits = new ArrayList<>();
    OptionalDouble processors = machine.processorLimit();
    OptionalLong memory = machine.memoryLimit();
    if (processors.isPresent()) {
      limits.add(EpochTable.text("%.3g processors", processors.getAsDouble()));
    }
    if (memory.isPresent()) {
      limits.add(size(memory.getAsLong()) + " of memory");
    }
    return limits.isEmpty() ? "no limits" : "gives " + String.join(", ", limits);
  }

  private static boolean isNative() {
    return Main.class.getModule().isNativeAccessEnabled();
  }

  private static boolean hasVectorApi() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static String size(long bytes) {
    return EpochTable.text("%,d MiB", bytes >> 20);
  }

  private static void line(PrintWriter out, String name, String text) {
    Screen.print(out, EpochTable.text("%-11s ", name + ":") + text, " ".repeat(4));
  }
}
