package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the guides show works: their blocks of Java are taken from the pages themselves, compiled, and run in a process
 * of its own. The first block is the imports of all; one that has a type is a file; any other is the body of a method,
 * and these run in order.
 */
class GuidesTest {

  private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern TYPE = Pattern.compile("(?m)^(?:public |final )*(?:class|record) (\\w+)");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(ashlar-[a-z-]+)</artifactId>");

  /** What only the methods of this test need. */
  private static final String OWN_IMPORTS = "import java.nio.file.Path;\n";
  private static final Pattern CONTRACT_TEST = Pattern.compile("(?m)^class (\\w+) extends \\w+Contract \\{$");

  @TempDir
  private Path folder;

  @Test
  void embedding() throws Exception {
    List<String> blocks = blocks("embedding.md");
    assertThat(blocks).hasSizeGreaterThan(5);
    Files.copy(Path.of("data/iris.csv"), folder.resolve("iris.csv"));
    List<String> bodies = blocks.stream().skip(1).filter(block -> !TYPE.matcher(block).find()).toList();
    String calls = IntStream.range(0, bodies.size()).mapToObj(i -> "    block" + i + "();\n")
        .collect(Collectors.joining());
    String methods = IntStream.range(0, bodies.size())
        .mapToObj(i -> "  static void block" + i + "() throws Exception {\n" + bodies.get(i) + "  }\n")
        .collect(Collectors.joining());
    String output = run(blocks, "  public static void main(String[] none) throws Exception {\n" + calls
        + "    new Trainer(Cpu.defaults().open(), new Losses()).listener();\n  }\n" + methods);
    assertThat(output).contains("test={loss=", "[setosa, versicolor, virginica]: [", "it is a setosa, by 0.",
        "the same weights: true", "4 numbers", "petal_wdth", "later it goes on");
  }

  @Test
  void plugins() throws Exception {
    Files.writeString(Files.createDirectories(folder.resolve("META-INF/services")).resolve("dev.ashlar.plugin.Plugin"),
        "AcmePlugin");
    List<String> blocks = blocks("plugins.md");
    List<String> contracts = blocks.stream().flatMap(block -> CONTRACT_TEST.matcher(block).results())
        .map(test -> test.group(1)).toList();
    assertThat(contracts).hasSize(4);
    String output = run(blocks, """
          public static void main(String[] none) {
            Registry registry = Registry.discover();
            System.out.println("wrong: " + registry.refusals() + registry.unbindable());
            Layer layer = new Binder(registry, Path.of("")).bind(Value.of("acme:scaled"), Layer.class).orThrow();
            Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2, 3));
            Scope root = Trace.inference(dev.ashlar.model.Precision.F32).root();
            System.out.println(layer + " gives " + layer.forward(x, root).type());
            System.out.println(Scaled.migrate(1, Value.of(Map.of("initializer", "ones"))));
            test(%s);
          }

          private static void test(Class<?>... contracts) {
            for (Class<?> contract : contracts) {
              var heard = new org.junit.platform.launcher.listeners.SummaryGeneratingListener();
              org.junit.platform.launcher.core.LauncherFactory.create().execute(
                  org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request()
                      .selectors(org.junit.platform.engine.discovery.DiscoverySelectors.selectClass(contract)).build(),
                  heard);
              heard.getSummary().printFailuresTo(new java.io.PrintWriter(System.out, true));
              System.out.println(contract.getName() + (heard.getSummary().getTestsSucceededCount() > 5
                  && heard.getSummary().getTotalFailureCount() == 0 ? " holds" : " is broken"));
            }
          }
        """.formatted(contracts.stream().map(name -> name + ".class").collect(Collectors.joining(", "))));
    assertThat(output).contains("wrong: [][]", "bias=true", "bias: false", "2, 3")
        .contains(contracts.stream().map(name -> name + " holds").toList());
  }

  /** Names in the guide's dependencies are those of modules. */
  @Test
  void artifactsAreThere() throws IOException {
    Matcher named = ARTIFACT.matcher(guide("embedding.md"));
    List<String> artifacts = named.results().map(result -> result.group(1)).toList();
    assertThat(artifacts).isNotEmpty();
    String poms = Stream.of("bom", "core", "training", "io", "layers", "optimizers", "backends/cpu").map(module -> {
      try {
        return Files.readString(Path.of("..", module, "pom.xml"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }).collect(Collectors.joining());
    assertThat(artifacts).allSatisfy(name -> assertThat(poms).contains("\n  <artifactId>" + name + "</artifactId>"));
  }

  private static String guide(String name) throws IOException {
    return Files.readString(Path.of("..", "docs", name));
  }

  private static List<String> blocks(String guide) throws IOException {
    return BLOCK.matcher(guide(guide)).results().map(result -> result.group(1)).toList();
  }

  /** What a class prints that has these methods, beside the types among the blocks. */
  private String run(List<String> blocks, String methods) throws Exception {
    String imports = blocks.getFirst();
    assertThat(imports.lines()).allMatch(line -> line.startsWith("import "));
    List<String> compile = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), "-parameters",
        "-d", folder.toString(), source("Guide", imports + OWN_IMPORTS + "final class Guide {\n" + methods + "}\n")));
    for (String block : blocks) {
      Matcher type = TYPE.matcher(block);
      if (type.find()) {
        compile.add(source(type.group(1), imports + block));
      }
    }
    assertThat(ToolProvider.findFirst("javac").orElseThrow()
        .run(System.out, System.err, compile.toArray(String[]::new))).as("javac").isZero();
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", folder + java.io.File.pathSeparator + System.getProperty("java.class.path"), "Guide")
        .directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private String source(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + ".java"), text).toString();
  }
}
