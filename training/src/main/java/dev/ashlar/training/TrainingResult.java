package dev.ashlar.training;

import java.util.SequencedMap;

/**
 * What training came to.
 *
 * @param model as kept; close it, or close this
 * @param metrics loss and metrics of that model by part of the data, as {@link Trainer#evaluate} measures them in
 *     batches of the settings' size
 * @param epoch whose model was kept, from 1
 * @param epochs done
 * @param steps done
 */
public record TrainingResult(
    Model model, SequencedMap<String, SequencedMap<String, Double>> metrics, int epoch, int epochs, long steps)
    implements AutoCloseable {

  @Override
  public void close() {
    model.close();
  }
}
