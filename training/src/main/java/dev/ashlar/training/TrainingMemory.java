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
 * @param step values of a training step, or of what it is made of
 * @param measuring values of what measures training, validation and test examples
 * @param best copies of the best epoch's parameters and state, of what has averages while these are measured, and of
 *     what a run goes back to if something is not finite
 */
public record TrainingMemory(int batch, long variables, long step, long measuring, long best) {

  /** Of a run, of which nothing but the plan is made. */
  public static TrainingMemory of(Task task, Examples examples, Settings settings, Backend backend) {
    Map<String, TensorType> columns = examples.train().columns();
    int batch = settings.batchOf(examples.train());
    UpdatePrograms.Plan plan = UpdatePrograms.Plan.of(Updates.of(task, settings, 1), examples.train(), batch);
    Map<Integer, Long> bytes = new HashMap<>();
    long measuring = examples.parts().values().stream().mapToLong(data -> bytes.computeIfAbsent(settings.batchOf(data),
        count -> backend.compile(Programs.evaluate(task, columns, count)).bytes())).sum();
    long variables = bytes(Programs.union(plan.variables(), Programs.evaluate(task, columns, batch)).stream());
    boolean keepsBest = settings.keep() == Settings.Keep.BEST && Course.of(settings, examples.train().size()).periods() > 1;
    long updating = backend.compile(plan.batch()).bytes()
        + plan.apply().map(apply -> backend.compile(apply).bytes()).orElse(0L);
    long ofBest = keepsBest ? bytes(plan.variables().stream().filter(Variable::isOfModel)) : 0;
    long ofWeights = Updates.averaging(task, settings.ema()).isEmpty() ? 0
        : bytes(plan.variables().stream().filter(Updates::isAveraged));
    long ofGood = settings.onNan() == Settings.OnNan.ROLLBACK ? bytes(plan.variables().stream()) : 0;
    return new TrainingMemory(batch, variables, updating, measuring, ofBest + ofWeights + ofGood);
  }

  private static long bytes(Stream<Variable> variables) {
    return variables.mapToLong(variable -> variable.type().bytes()).sum();
  }

  /** All of it. */
  public long total() {
    return variables + step + measuring + best;
  }
}
