package dev.ashlar.runtime;

import dev.ashlar.program.Backend;
import dev.ashlar.training.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What whoever runs training wants to hear, to see done and to be written down.
 *
 * @param listener hears how it goes
 * @param opened is given the backend before it does anything
 * @param placed is told where the run is, as soon as it has a folder
 * @param stopping says whether the run should stop after the update that it is at; asked by the thread that trains
 * @param command the words that asked for the run, to be written down; may be empty
 * @param machine what is to be written down of the machine, by name
 */
public record RunRequest(TrainingListener listener, Consumer<Backend> opened, Consumer<Path> placed,
    BooleanSupplier stopping, List<String> command, SequencedMap<String, String> machine) {

  /** Nothing but to hear how it goes. */
  public static RunRequest of(TrainingListener listener) {
    return new RunRequest(listener, backend -> {}, path -> {}, () -> false, List.of(),
        new java.util.LinkedHashMap<>());
  }
}
