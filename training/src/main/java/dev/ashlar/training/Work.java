package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.data.Dataset;
import dev.ashlar.program.Cost;
import dev.ashlar.tensor.TensorType;
import java.util.Optional;

/**
 * What training takes for one example.
 *
 * @param tokens in the main input, if that is a sequence of whole numbers; 0 if it is none
 * @param flops floating-point operations that the model asks for: forward, backward and update, but not what is computed
 *     again to save memory (model FLOPs, as in Chowdhery et al., PaLM, 2022, appendix B)
 */
@Experimental(since = "0.1")
public record Work(int tokens, double flops) {

  /**
   * Of a run.
   *
   * @param updates that it makes
   * @param plan its programs
   */
  static Work of(Updates updates, UpdatePrograms.Plan plan, Settings settings, Dataset data) {
    int batch = settings.batchOf(data);
    UpdatePrograms.Plan kept = updates.remat().isEmpty() ? plan
        : UpdatePrograms.Plan.of(updates.withRemat(Optional.empty()), data, batch);
    double update = kept.apply().map(apply -> Cost.flops(apply.graph()) / settings.accumulate()).orElse(0.0);
    TensorType input = Programs.inputs(data.columns()).firstEntry().getValue();
    boolean isSequence = input.dtype().isInteger() && input.shape().rank() == 1;
    return new Work(isSequence ? input.shape().dim(0) : 0, (Cost.flops(kept.batch().graph()) + update) / batch);
  }
}
