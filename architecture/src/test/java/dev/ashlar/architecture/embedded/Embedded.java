package dev.ashlar.architecture.embedded;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.model.Batch;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.LogManager;

/** An application: trains, saves, loads, asks, and says what of the JVM is other than it was before. */
final class Embedded {

  private Embedded() {}

  public static void main(String[] arguments) throws Exception {
    state(); // looking has effects of its own, the first time
    Map<String, String> before = state();
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream listening = new PrintStream(said, true);
    System.setOut(listening);
    use(Path.of(arguments[0]));
    boolean sameOut = System.out == listening && System.err == err;
    System.setOut(out);
    Map<String, String> after = state();
    after.forEach((what, value) -> {
      if (!value.equals(before.get(what))) {
        System.out.println(what + " was " + before.get(what) + " and is " + value);
      }
    });
    before.keySet().stream().filter(what -> !after.containsKey(what))
        .forEach(what -> System.out.println("gone: " + what));
    if (!sameOut || said.size() > 0) {
      System.out.println("standard output: " + said);
    }
    System.out.println("done");
  }

  private static void use(Path file) throws Exception {
    NDArray inputs = NDArray.of(Shape.of(4, 2), 0f, 1f, 1f, 0f, 1f, 1f, 0f, 0f);
    Dataset data = Datasets.of(Map.of(Batch.INPUT, inputs, Batch.TARGET, NDArray.of(Shape.of(4), 0, 1, 0, 1)),
        List.of("a", "b"), List.of("x", "y"));
    try (Backend backend = Backends.open(Registry.discover());
        TrainingResult result = new Trainer(backend).train(
            Task.of(Sequential.of(Dense.of(2)), new CrossEntropy(), Adam.of(0.1)), Examples.of(data),
            Settings.of(2, 4))) {
      result.model().save(file);
    }
    try (Model model = Model.load(Files.newInputStream(file))) {
      model.ask(Map.of("x", 1, "y", 0)).label();
    }
  }

  /** All that is the JVM's, and not one library's. */
  private static Map<String, String> state() throws ReflectiveOperationException {
    Map<String, String> state = new TreeMap<>();
    System.getProperties().forEach((key, value) -> state.put("property " + key, String.valueOf(value)));
    Class<?> hooks = Class.forName("java.lang.ApplicationShutdownHooks");
    state.put("shutdown hooks", String.valueOf(((Map<?, ?>) field(hooks, "hooks")).size()));
    state.put("handler of uncaught exceptions", String.valueOf(Thread.getDefaultUncaughtExceptionHandler()));
    state.put("factory of URLs", String.valueOf(field(URL.class, "factory")));
    state.put("locale", Locale.getDefault().toString());
    state.put("time zone", TimeZone.getDefault().getID());
    state.put("security providers", Arrays.toString(Security.getProviders()));
    state.put("handlers of java.util.logging",
        Arrays.toString(LogManager.getLogManager().getLogger("").getHandlers().length == 0 ? new Object[0]
            : Arrays.stream(LogManager.getLogManager().getLogger("").getHandlers()).map(Object::getClass).toArray()));
    TreeSet<String> threads = new TreeSet<>();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon() || thread.getName().startsWith("ashlar"))
        .forEach(thread -> threads.add(thread.getName()));
    state.put("threads that keep the JVM alive, or are ours", threads.toString());
    return state;
  }

  private static Object field(Class<?> type, String name) throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }
}
