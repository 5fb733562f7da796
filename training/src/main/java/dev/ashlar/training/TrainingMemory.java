package dev.ashlar.training;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The most memory that training takes at a time, in bytes, as the backend plans it; the JVM's own and the data come on
 * top. It is reached at the end of a run, when the training examples are measured once more.
 *
 * @param batch examples in a batch
 * @param variables parameters, state, and what the optimizer keeps
 * @param step values of a training step
 * @param measuring values of what measures training, validation and test examples
 * @param best copy of the best epoch's parameters and state
 */
public record TrainingMemory(int batch, long variables, long step, long measuring, long best) {

  /** Of a run, of which nothing but the plan is made. */
  public static TrainingMemory of(Task task, Examples examples, Settings settings, Backend backend) {
    Map<String, TensorType> columns = examples.train().columns();
    int batch = settings.batchOf(examples.train());
    Computation step = Programs.step(task, columns, batch, 1);
    Map<Integer, Long> bytes = new HashMap<>();
    long measuring = examples.parts().values().stream().mapToLong(data -> bytes.computeIfAbsent(settings.batchOf(data),
        count -> backend.compile(Programs.evaluate(task, columns, count)).bytes())).sum();
    long variables = bytes(Programs.union(step, Programs.evaluate(task, columns, batch)).stream());
    boolean keepsBest = settings.keep() == Settings.Keep.BEST && settings.epochs() > 1;
    return new TrainingMemory(batch, variables, backend.compile(step).bytes(), measuring,
        keepsBest ? bytes(step.variables().stream().filter(Variable::isOfModel)) : 0);
  }

  private static long bytes(Stream<Variable> variables) {
    return variables.mapToLong(variable -> variable.type().bytes()).sum();
  }

  /** All of it. */
  public long total() {
    return variables + step + measuring + best;
  }
}
