package dev.ashlar.training;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.model.Trace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Asks a model in training what no step tells: by programs of their own, made when they are first needed.
 *
 * @param updates of the run
 * @param columns types of one example, by name
 * @param batch examples in a batch
 */
record ModelProbe(Updates updates, Map<String, TensorType> columns, int batch, Backend backend, VariableStore store)
    implements Symptoms.Probe {

  @Override
  public TensorType output() {
    Task task = updates.task();
    return Programs.apply(task.model(), Programs.inputs(Programs.batch(columns, batch).columns()),
        Trace.inference(task.precision())).first().type();
  }

  @Override
  public Map<String, Double> gradients(Workspace last) {
    Computation sizes = updates.sizes(columns, batch);
    Map<String, NDArray> arguments = new LinkedHashMap<>();
    sizes.arguments().keySet().forEach(name -> arguments.put(name, last.argument(name)));
    Map<String, Double> found = new LinkedHashMap<>();
    backend.compile(sizes).run(store, arguments).forEach((path, size) -> found.put(path, size.item()));
    return found;
  }
}
