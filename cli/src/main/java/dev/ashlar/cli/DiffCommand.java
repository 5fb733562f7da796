package dev.ashlar.cli;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.ModelDiff;
import dev.ashlar.runtime.Runs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar diff}. */
@Command(name = "diff", mixinStandardHelpOptions = true,
    description = "Compares two models: architecture, transforms, what goes in and out, and the parameters.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar diff runs/digits runs/wide",
        "  ashlar diff before.safetensors after.safetensors --json",
        "  ashlar diff A B --exit-code > /dev/null || echo they differ"})
final class DiffCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "A", description = "a model's file, or the folder of its run")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "another")
  private Path second = Path.of("");

  @Option(names = "--json", description = "print one line of JSON")
  private boolean json;

  @Option(names = "--exit-code", description = "end with 1 if they differ; without it with 0, whether they do or not")
  private boolean exitCode;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    ModelDiff diff = ModelDiff.of(Runs.modelFile(first), Runs.modelFile(second));
    if (json) {
      out.println(Json.write(Value.of(json(diff))));
    } else {
      print(out, diff);
    }
    return exitCode && !diff.isEmpty() ? Failures.FAILED : 0;
  }

  private void print(PrintWriter out, ModelDiff diff) {
    if (diff.isEmpty()) {
      Screen.print(out, "the models are the same: "
          + EpochTable.count(diff.equalTensors(), "tensor") + ", bit by bit", "  ");
      return;
    }
    if (!diff.changes().isEmpty()) {
      Table table = new Table("what", "A", "B");
      diff.changes().forEach(change ->
          table.row(change.path(), change.before().orElse("(none)"), change.after().orElse("(none)")));
      table.print(out);
      out.println();
    }
    if (!diff.tensors().isEmpty()) {
      Table table = new Table("tensor", "A", "B", "norm A", "norm B", "norm A - B", "largest").right(3, 4, 5, 6);
      diff.tensors().forEach(tensor -> table.row(tensor.name(), tensor.before().orElse("(none)"),
          tensor.before().equals(tensor.after()) ? "the same type" : tensor.after().orElse("(none)"),
          number(tensor.normBefore()), number(tensor.normAfter()), number(tensor.norm()), number(tensor.largest())));
      table.print(out);
      out.println();
    }
    Screen.print(out, EpochTable.count(diff.equalTensors(), "tensor") + " the same, bit by bit; "
        + diff.tensors().size() + " not; A is " + first + ", B is " + second, "  ");
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : EpochTable.number(value);
  }

  private static Map<String, Object> json(ModelDiff diff) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("equal", diff.isEmpty());
    report.put("changes", diff.changes().stream().map(change -> {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("path", change.path());
      entry.put("a", change.before().orElse(null));
      entry.put("b", change.after().orElse(null));
      return entry;
    }).toList());
    report.put("tensors", diff.tensors().stream().map(tensor -> {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", tensor.name());
      entry.put("a", tensor.before().orElse(null));
      entry.put("b", tensor.after().orElse(null));
      put(entry, "norm_a", tensor.normBefore());
      put(entry, "norm_b", tensor.normAfter());
      put(entry, "norm_difference", tensor.norm());
      put(entry, "largest_difference", tensor.largest());
      return entry;
    }).toList());
    report.put("equal_tensors", diff.equalTensors());
    return report;
  }

  private static void put(Map<String, Object> entry, String name, double value) {
    entry.put(name, Double.isNaN(value) ? null : value);
  }
}
