package dev.ashlar.bench;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.Emission;
import dev.ashlar.cli.Subcommand;
import dev.ashlar.program.Backend;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar bench}: times workloads on the CPU backend. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Times training steps, inference and single operations; all workloads if none is named.",
    footer = {"", "Example: ashlar bench --threads 2 --seconds 3 mlp gpt-cpu"})
public final class BenchCommand implements Subcommand {

  /** Seconds for one workload: a day. */
  private static final int LONGEST = 86_400;

  @Spec CommandSpec spec;

  @Option(names = "--json", description = "one JSON object a line instead of a table")
  boolean json;

  @Option(names = "--threads", paramLabel = "N", description = "threads to use; default, and 0: all cores")
  int threads;

  @Option(names = "--seconds", paramLabel = "S", defaultValue = "4",
      description = "how long each workload is run; default: ${DEFAULT-VALUE}")
  double seconds;

  @Option(names = "--emitter", paramLabel = "NAME", defaultValue = "auto",
      description = "how kernels are made: auto, machine, machine-avx2, bytecode, bytecode-plain; default: auto")
  String emitter;

  @Parameters(paramLabel = "WORKLOAD", arity = "0..*", description = "which; default: all")
  List<String> names = List.of();

  @Override
  public Integer call() {
    checkNumbers();
    List<Workload> workloads = chosen();
    PrintWriter out = spec.commandLine().getOut();
    try (Backend backend = Cpu.defaults().withThreads(threads).withEmitter(emission()).open()) {
      if (!json) {
        out.println(backend.describe());
        out.println(Measurement.header());
      }
      for (Workload workload : workloads) {
        try (Workload.Prepared prepared = workload.setup().prepare(backend)) {
          Measurement measured = Measurement.of(prepared, seconds);
          out.println(json ? measured.toJson(workload) : measured.toRow(workload));
          out.flush();
        }
      }
    }
    return 0;
  }

  private void checkNumbers() {
    if (threads < 0 || threads > Cpu.MOST_THREADS) {
      throw new ParameterException(spec.commandLine(),
          "--threads " + threads + ": give a whole number from 0 (all cores) to " + Cpu.MOST_THREADS);
    }
    if (!(seconds > 0 && seconds <= LONGEST)) {
      throw new ParameterException(spec.commandLine(),
          "--seconds " + seconds + ": give a number above 0, at most " + LONGEST);
    }
  }

  private Emission emission() {
    for (Emission each : Emission.values()) {
      if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(emitter)) {
        return each;
      }
    }
    throw new ParameterException(spec.commandLine(), "no emitter '" + emitter + "'; there are "
        + Arrays.stream(Emission.values()).map(e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.joining(", ")));
  }

  private List<Workload> chosen() {
    if (names.isEmpty()) {
      return Workloads.all();
    }
    List<Workload> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(Workloads.find(name).orElseThrow(() -> new ParameterException(spec.commandLine(),
          "no workload '" + name + "'; there are " + Workloads.all().stream().map(Workload::name)
              .collect(Collectors.joining(", ")))));
    }
    return chosen;
  }
}
