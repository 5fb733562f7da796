package dev.ashlar.training;

import dev.ashlar.api.Stable;
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
 * @param copy of all variables, from which a checkpoint is written while training goes on; 0 where there is no room for
 *     it, so that training waits
 */
@Stable
public record TrainingMemory(int batch, long variables, long step, long measuring, long best, long copy) {

  /** The variables, a copy of them to be written, and one of the best model. */
  private static final double COPIES = 2.5;
  /** Share of the memory that all of it may take. */
  private static final double ROOM = 0.7;

  /** Whether there is room for a copy of so many bytes of variables beside programs of so many. */
  static boolean isRoomy(long variables, long programs) {
    return COPIES * variables + programs < ROOM * Oversize.memory();
  }

  /** Of a run, of which nothing but the plan is made. */
  public static TrainingMemory of(Task task, Examples examples, Settings settings, Backend backend) {
    Map<String, TensorType> columns = examples.train().columns();
    int batch = settings.batchOf(examples.train());
    UpdatePrograms.Plan plan = UpdatePrograms.Plan.of(Updates.of(task, settings, 1), examples.train(), batch);
    Map<Integer, Long> bytes = new HashMap<>();
    long measuring = examples.parts().values().stream().mapToLong(data -> bytes.computeIfAbsent(settings.batchOf(data),
        count -> backend.compile(Evaluation.Plan.of(task, data, count, true).computation()).bytes())).sum();
    long variables = bytes(Programs.union(plan.variables(), Programs.evaluate(task, columns, batch)).stream());
    boolean keepsBest = settings.keep() == Settings.Keep.BEST && Course.of(settings, examples.train().size()).periods() > 1;
    long updating = backend.compile(plan.batch()).bytes()
        + plan.apply().map(apply -> backend.compile(apply).bytes()).orElse(0L);
    long ofBest = keepsBest ? bytes(plan.variables().stream().filter(Variable::isOfModel)) : 0;
    long ofWeights = Updates.averaging(task, settings.ema()).isEmpty() ? 0
        : bytes(plan.variables().stream().filter(Updates::isAveraged));
    long ofGood = settings.onNan() == Settings.OnNan.ROLLBACK ? variables : 0;
    // After each evaluation the model's values are looked at, one at a time.
    long looked = plan.variables().stream().filter(Variable::isOfModel).mapToLong(v -> v.type().bytes()).max().orElse(0);
    return new TrainingMemory(batch, variables, updating, measuring + looked, ofBest + ofWeights + ofGood,
        isRoomy(variables, updating) ? variables : 0);
  }

  private static long bytes(Stream<Variable> variables) {
    return variables.mapToLong(variable -> variable.type().bytes()).sum();
  }

  /** All of it. */
  public long total() {
    return needed() + copy;
  }

  /** What a run cannot do without. */
  long needed() {
    return variables + step + measuring + best;
  }
}
