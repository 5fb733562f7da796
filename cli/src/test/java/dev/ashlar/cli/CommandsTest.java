package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.Value;
import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that look and explain. */
class CommandsTest {

  @TempDir
  private Path folder;

  private Path config;

  @BeforeEach
  void write() throws Exception {
    config = SmallRun.write(folder);
  }

  private static Object json(Ended ended) {
    assertThat(ended.out().lines()).hasSize(1);
    return Value.parse(ended.out().strip(), "report").plain();
  }

  // ---------------------------------------------------------------- validate

  @Test
  void whatIsRightIsSaidWithWhatItDoes() throws IOException {
    Ended right = run("validate", config);
    assertThat(right.code()).as(right.err()).isZero();
    assertThat(right.out().replace(config.toString(), "run.yaml")).startsWith("""
        run.yaml is right
        examples:  30 to learn from, 10 to test
        inputs:    f32[2] (x, y)
        outputs:   f32[*, 2], for 2 classes (high, low)
        model:     22 parameters, 46 FLOPs to predict one example
        training:  3 epochs of 4 steps in batches of 8, 12 steps in all
        kept:      the model of the epoch with the best loss in training
        backend:""");
    try (var files = Files.list(folder)) {
      assertThat(files).as("nothing is left").hasSize(2);
    }
    assertThat(json(run("validate", config, "--json"))).isEqualTo(Map.of("valid", true, "mistakes", List.of()));
    String full = run("validate", config, "--full").out();
    Path whole = Files.writeString(folder.resolve("whole.yaml"), full.substring(full.indexOf("\n\n") + 2));
    assertThat(Files.readString(whole)).contains("path: table.csv", "patience: null", "initializer: ");
    assertThat(run("validate", whole).out().lines().skip(1)).containsExactlyElementsOf(
        right.out().lines().skip(1).toList());
  }

  @Test
  void allMistakesAreTold() {
    Object[] wrong = {"validate", config, "--set", "model=[{dens: 4}]", "--set", "train.epochs=0"};
    Ended told = run(wrong);
    assertThat(told.code()).isEqualTo(2);
    assertThat(told.out()).isEmpty();
    assertThat(told.err()).startsWith("2 mistakes:\n").contains("did you mean 'dense'?", "train.epochs");

    Ended data = run("validate", config, "--json", "--set", "model=[{dens: 4}]", "--set", "train.epochs=0");
    assertThat(data.code()).isEqualTo(2);
    assertThat(data.err()).isEmpty();
    Map<?, ?> report = (Map<?, ?>) json(data);
    assertThat(report.get("valid")).isEqualTo(false);
    assertThat((List<?>) report.get("mistakes")).hasSize(2).first().satisfies(first ->
        assertThat(((Map<?, ?>) first).keySet().stream().map(Object::toString))
            .containsExactly("file", "line", "column", "path", "found", "expected", "help"));
    assertThat(run("validate", folder.resolve("none.yaml"), "--json").code()).isEqualTo(2);
  }

  // ---------------------------------------------------------------- plugins describe

  @Test
  void aPartOfAConfigurationIsDescribed() throws IOException {
    assertThat(run("plugins", "describe", "checkpoint").out())
        .startsWith("checkpoint: part of a configuration").contains("on_failure", "at_end", "\nexample:\n  train:\n");
    Files.writeString(folder.resolve("table.csv"), "width,kind\n" + "1,a\n2,b\n3,c\n".repeat(10));
    for (String part : List.of("configuration", "data", "split", "train", "checkpoint", "sample")) {
      Map<?, ?> report = (Map<?, ?>) ((List<?>) json(run("plugins", "describe", part, "--json"))).getFirst();
      assertThat((List<?>) report.get("parameters")).as(part).isNotEmpty();
      // Its example is one that a configuration may have.
      Path whole = folder.resolve(part + ".yaml");
      String rest = "data: {source: {csv: {path: table.csv, label: kind}}}\nmodel: [{dense: 3}]\n"
          + "loss: cross_entropy\noptimizer: {adamw: 1e-3}\n";
      String example = String.valueOf(report.get("example"));
      String key = example.substring(0, example.indexOf(':'));
      Files.writeString(whole, part.equals("configuration") ? example
          : rest.lines().filter(line -> !line.startsWith(key + ":")).collect(Collectors.joining("\n", "", "\n"))
              + example);
      assertThat(run("summary", whole).err()).as(part).doesNotContain("unknown", "has no default", "no such file");
    }
  }

  @Test
  void aComponentIsDescribed() {
    Ended dense = run("plugins", "describe", "dense");
    assertThat(dense.code()).as(dense.err()).isZero();
    assertThat(dense.out()).startsWith("layers:dense: layer, ").contains("\nparameter ", "whole number >= 1", "(required)",
        "glorot_uniform", "\nexample:\n  model:\n    - dense: 4\n");
    assertThat(run("plugins", "describe", "mean_absolute_error").out()).as("a loss and a metric")
        .contains("layers:mean_absolute_error: loss", "layers:mean_absolute_error: metric");
    assertThat(run("plugins", "describe", "layers:dense").out()).isEqualTo(dense.out());
    Map<?, ?> report = (Map<?, ?>) ((List<?>) json(run("plugins", "describe", "relu", "--json"))).getFirst();
    assertThat(report.get("name")).isEqualTo("relu");
    assertThat(report.get("kind")).isEqualTo("activation");
    assertThat(report.get("parameters")).isEqualTo(List.of());
    assertThat(run("plugins", "describe", "dense", "relu").out())
        .isEqualTo(dense.out() + "\n" + run("plugins", "describe", "relu").out());
    Ended two = run("plugins", "describe", "dens", "relu", "adamm");
    assertThat(two.code()).isEqualTo(2);
    assertThat(two.out()).isEmpty();
    assertThat(two.err()).contains("2 mistakes:", "did you mean 'dense'?", "did you mean 'adam'?");
    Ended unknown = run("plugins", "describe", "layers:dens");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("no component of that name", "did you mean 'layers:dense'?");
  }

  @Test
  void everyExampleCanBeRead() {
    Registry plugins = Registry.discover();
    Binder binder = new Binder(plugins, folder);
    Set<String> refused = new TreeSet<>();
    for (Registry.Entry entry : plugins.entries()) {
      for (Implementation component : entry.components()) {
        Class<?> kind = Registry.KINDS.reversed().stream().filter(k -> k.isAssignableFrom(component.type())).findFirst()
            .orElseThrow();
        Optional<Value> sample = binder.sample(component);
        assertThat(sample).as(component.name()).isPresent();
        assertThat(Yaml.parse("a: " + sample.get(), "sample")).as("it is YAML").isEqualTo(
            Value.of(Map.of("a", sample.get())));
        if (!(binder.bind(sample.get(), kind) instanceof BindResult.Bound<?>)) {
          refused.add(component.qualifiedName());
        }
      }
    }
    assertThat(refused).isEmpty();
  }

  // ---------------------------------------------------------------- diff

  @Test
  void twoModelsAreCompared() throws Exception {
    Path a = trained("a");
    Path b = trained("b");
    assertThat(run("diff", a, b).out()).isEqualTo("the models are the same: 4 tensors, bit by bit\n");
    assertThat(run("diff", a, b, "--exit-code").code()).isZero();

    Path seed = trained("seed", "train.seed=2");
    Ended other = run("diff", a, seed);
    assertThat(other.code()).isZero();
    assertThat(other.out()).startsWith("tensor ").containsPattern("dense.weight +f32\\[2, 4] +the same type +[0-9.]+")
        .doesNotContain("what ");
    assertThat(run("diff", a, seed, "--exit-code").code()).isEqualTo(1);

    Path wide = trained("wide", "model=[{dense: 5}, tanh, {dense: 2}]", "data.transforms=[]");
    Map<?, ?> report = (Map<?, ?>) json(run("diff", a, wide, "--json"));
    assertThat(report.get("equal")).isEqualTo(false);
    assertThat((List<?>) report.get("changes")).extracting(change -> (Object) ((Map<?, ?>) change).get("path"))
        .contains("model.layers:sequential@1.layers[0].layers:dense@1.units");
    Map<?, ?> weight = ((List<?>) report.get("tensors")).stream().map(t -> (Map<?, ?>) t)
        .filter(t -> t.get("name").equals("dense.weight")).findFirst().orElseThrow();
    assertThat(weight.get("a")).isEqualTo("f32[2, 4]");
    assertThat(weight.get("b")).isEqualTo("f32[2, 5]");
    assertThat(weight.get("norm_difference")).isNull();
    assertThat((Double) weight.get("norm_a")).isPositive();

    assertThat(run("diff", a, folder.resolve("none")).code()).isEqualTo(2);
    assertThat(run("diff", a, config).err()).contains("a configuration", "train it first");
    assertThat(run("diff", a).code()).isEqualTo(2);
  }

  private Path trained(String name, String... sets) {
    Path out = folder.resolve(name);
    Object[] arguments = new Object[4 + 2 * sets.length];
    arguments[0] = "train";
    arguments[1] = config;
    arguments[2] = "--out";
    arguments[3] = out;
    for (int i = 0; i < sets.length; i++) {
      arguments[4 + 2 * i] = "--set";
      arguments[5 + 2 * i] = sets[i];
    }
    Ended trained = run(arguments);
    assertThat(trained.code()).as(trained.err()).isZero();
    return out;
  }

  // ---------------------------------------------------------------- completion, help, doctor

  @Test
  void shellsComplete() throws Exception {
    Ended script = run("completion", "bash");
    assertThat(script.code()).isZero();
    assertThat(run("completion", "zsh").out()).isEqualTo(script.out());
    Path file = Files.writeString(folder.resolve("completion"), script.out());
    assertThat(completed(file, "ashlar", "val")).containsExactly("validate");
    assertThat(completed(file, "ashlar", "train", "--ov")).containsExactly("--overwrite");
    assertThat(completed(file, "ashlar", "plugins", "de")).containsExactly("describe");
    Ended unknown = run("completion", "tcsh");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("bash, zsh, fish").doesNotContain("\tat ");
  }

  @Test
  void fishCompletesToo() throws Exception {
    String script = run("completion", "fish").out();
    assertThat(script.lines()).allMatch(line -> line.startsWith("#") || line.startsWith("complete -c ashlar"))
        .anyMatch(line -> line.equals("complete -c ashlar -n '__fish_use_subcommand' -a validate"
            + " -d 'Looks for mistakes in a configuration, its data included, and says what training would do'"))
        .anyMatch(line -> line.matches(".*_from train' -l out -r -F -d .*"))
        .anyMatch(line -> line.matches(".*_from train' -l overwrite -d .*"))
        .anyMatch(line -> line.matches(".*_from predict' -l from -x -a 'csv jsonl npy' -d .*"));
    Path file = Files.writeString(folder.resolve("ashlar.fish"), script);
    assertThat(offeredByFish(file, "ashlar val")).containsExactly("validate");
    assertThat(offeredByFish(file, "ashlar train --ov")).containsExactly("--overwrite");
    assertThat(offeredByFish(file, "ashlar plugins de")).containsExactly("describe");
    assertThat(offeredByFish(file, "ashlar plugins describe --j")).containsExactly("--json");
    assertThat(offeredByFish(file, "ashlar completion z")).containsExactly("zsh");
  }

  private static List<String> offeredByFish(Path script, String line) throws Exception {
    String command = "source " + script + "; complete -C '" + line + "'";
    return printed("fish", command).map(offer -> offer.split("\t")[0]).toList();
  }

  private static Stream<String> printed(String shell, String command) throws Exception {
    try {
      Process process = new ProcessBuilder(shell, "-c", command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(out).isZero();
      return out.lines();
    } catch (IOException e) {
      assumeThat(e).as("no " + shell + " here").isNull();
      return Stream.empty();
    }
  }

  /** What bash offers for the last word. */
  private static List<String> completed(Path script, String... words) throws Exception {
    String command = ". " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD=" + (words.length - 1)
        + "; COMP_LINE='" + String.join(" ", words) + "'; COMP_POINT=${#COMP_LINE}; COMPREPLY=();"
        + " _complete_ashlar; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return printed("bash", command).map(String::strip).toList();
  }

  @Test
  void everyCommandHasExamples() {
    String[] commands = {"init", "train", "evaluate", "predict", "validate", "summary", "diff", "convert", "plugins",
        "plugins list", "plugins describe", "schema", "doctor", "completion", "report", "watch"};
    for (String command : commands) {
      Object[] words = (command + " --help").split(" ");
      assertThat(run(words).out()).as(command).contains("\nExamples:\n  ");
    }
    assertThat(run("--help").out()).contains("\nExamples:\n  ");
  }

  @Test
  void theDoctorKnowsTheMachine() {
    assertThat(run("doctor").out()).contains("java:", "processors:", "vectors:", "memory:", "container:", "backend:",
        "kept code:");
  }

  @Test
  void limitsOfContainersAreFound() throws IOException {
    Path root = Files.createDirectories(folder.resolve("root"));
    Machine machine = new Machine(root);
    assertThat(machine.memoryLimit()).isEmpty();
    assertThat(machine.processorLimit()).isEmpty();
    assertThat(machine.vectors()).isEmpty();
    put(root, "proc/self/cgroup", "0::/app/one\n");
    put(root, "sys/fs/cgroup/app/one/memory.max", "max\n");
    put(root, "sys/fs/cgroup/app/memory.max", "2147483648\n");
    put(root, "sys/fs/cgroup/app/one/cpu.max", "150000 100000\n");
    put(root, "sys/fs/cgroup/cpu.max", "max 100000\n");
    assertThat(machine.memoryLimit()).hasValue(2L << 30);
    assertThat(machine.processorLimit()).hasValue(1.5);

    put(root, "proc/self/cgroup", "4:memory:/app\n1:cpu,cpuacct:/\n0::/\n");
    put(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put(root, "sys/fs/cgroup/memory/app/memory.limit_in_bytes", "1073741824\n");
    put(root, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
    put(root, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    assertThat(machine.memoryLimit()).hasValue(1L << 30);
    assertThat(machine.processorLimit()).hasValue(0.5);

    put(root, "proc/cpuinfo", "model name\t: Some CPU\nflags\t\t: sse2 avx2 avx512f\n");
    put(root, "proc/meminfo", "MemTotal:       24684016 kB\nMemAvailable:   12342008 kB\n");
    assertThat(machine.processor()).hasValue("Some CPU");
    assertThat(machine.vectors().orElse("")).startsWith("AVX-512");
    assertThat(machine.memory()).hasValue(24684016L << 10);
    assertThat(machine.available()).hasValue(12342008L << 10);
  }

  private static void put(Path root, String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
