package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.autodiff.Vmap;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model makes of single examples: the loss of each as if it were alone, and the main output for it.
 *
 * @param task with the model's block and its loss
 * @param model to look at
 * @param data whose examples are looked at
 * @param batch examples looked at together, at most
 */
@Experimental(since = "0.1")
public record Examination(Task task, Model model, Dataset data, int batch) {

  /** Outputs of a batch have at most so many numbers; of examples with more, the loss alone is told. */
  private static final long LARGEST = 1 << 24;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Sees examples, batch after batch; arrays are good until it returns. */
  @FunctionalInterface
  public interface Looker {
    /**
     * Some examples.
     *
     * @param positions of the examples in the data
     * @param count of them; arrays may have more rows
     * @param losses [batch]
     * @param output the main one, [batch, ..]; none if it is too large
     * @param columns of the data, each [batch, ..]
     */
    void look(long[] positions, int count, NDArray losses, Optional<NDArray> output, Map<String, NDArray> columns);
  }

  /**
   * Looks at all examples, or at so many, evenly taken, as far as there is time for them: at one batch in any case. They
   * come in an order of which each beginning is taken about evenly too.
   *
   * @param most examples that are looked at
   * @param longest time that this takes, about
   * @throws RuntimeException if the loss is none of single examples
   * @throws IOException if the data cannot be read
   */
  public void run(long most, Duration longest, Looker looker) throws IOException, InterruptedException {
    long all = Math.min(most, data.size());
    if (all == 0) {
      return;
    }
    long each = model.signature().outputTypes().firstEntry().getValue().shape().size();
    boolean isTold = each <= LARGEST;
    int together = (int) Math.clamp(LARGEST / Math.max(1, each), 1, Math.min(batch, all));
    Computation examine = computation(task, data.columns(), together, isTold);
    Program program = model.backend().compile(examine);
    try (Workspace workspace = program.open(model.store())) {
      Seeds.set(workspace, program, 0);
      Map<String, NDArray> columns = columns(examine, workspace, together);
      Interrupts interrupts = Interrupts.ofThread();
      long[] positions = new long[together];
      long step = step(all);
      long start = System.nanoTime();
      for (long from = 0; from < all && (from == 0 || System.nanoTime() - start < longest.toNanos()); from += together) {
        interrupts.check();
        int count = (int) Math.min(together, all - from);
        for (int i = 0; i < together; i++) {
          positions[i] = (from + i % count) * step % all * data.size() / all;
        }
        data.read(positions, together, columns);
        workspace.run();
        looker.look(positions, count, workspace.result(Programs.LOSS),
            isTold ? Optional.of(workspace.result(Programs.OUTPUT)) : Optional.empty(), columns);
      }
    }
  }

  /** From one of so many examples to the next: about the golden section of them, so that all are met once. */
  private static long step(long all) {
    long step = Math.max(1, Math.round(all * GOLDEN));
    while (!BigInteger.valueOf(step).gcd(BigInteger.valueOf(all)).equals(BigInteger.ONE)) {
      step++;
    }
    return step;
  }

  private Map<String, NDArray> columns(Computation examine, Workspace workspace, int together) {
    Map<String, TensorType> used = examine.arguments();
    Map<String, NDArray> columns = new LinkedHashMap<>();
    data.columns().forEach((name, type) -> columns.put(name, used.containsKey(name)
        ? workspace.argument(name) : NDArray.zeros(Model.batched(type, together))));
    if (used.containsKey(Batch.WEIGHT)) {
      NDArray weight = workspace.argument(Batch.WEIGHT);
      for (int i = 0; i < together; i++) {
        weight.set(i, 1);
      }
    }
    return columns;
  }

  /** Results: {@link Programs#LOSS}, [batch], and {@link Programs#OUTPUT} if that is wanted. */
  private static Computation computation(Task task, Map<String, TensorType> columns, int batch, boolean output) {
    Batch examples = Programs.batch(columns, batch);
    Trace trace = Trace.inference(task.precision()).withExampleWeights(examples.weight());
    Tensors outputs = Programs.apply(task.model(), Programs.inputs(examples.columns()), trace);
    List<Tensor> operands = new ArrayList<>(outputs.values());
    operands.addAll(examples.columns().values());
    Tensor losses = Vmap.apply(example -> List.of(alone(task, example, outputs, examples)), operands).getFirst();
    Tensors results = Tensors.of(Programs.LOSS, losses);
    return new Computation("examine", output ? results.with(Programs.OUTPUT, outputs.first()) : results,
        trace.variables());
  }

  /** The loss of one example, which is a batch of its own. */
  private static Tensor alone(Task task, List<Tensor> example, Tensors outputs, Batch examples) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    List<String> names = List.copyOf(outputs.names());
    for (int i = 0; i < names.size(); i++) {
      given.put(names.get(i), ofBatch(example.get(i)));
    }
    Map<String, Tensor> columns = new LinkedHashMap<>();
    List<String> others = List.copyOf(examples.columns().names());
    for (int i = 0; i < others.size(); i++) {
      columns.put(others.get(i), ofBatch(example.get(names.size() + i)));
    }
    columns.put(Batch.WEIGHT, Tensor.full(TensorType.of(DType.F32, 1), 1));
    return task.loss().of(Tensors.of(given), new Batch(Tensors.of(columns)));
  }

  private static Tensor ofBatch(Tensor one) {
    return one.reshape(one.shape().insert(0, 1));
  }
}
