package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.plugin.Registry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Where a run leaves checkpoints, and the one that it goes on from. How often is said by {@link Settings#checkpoint}.
 * A run that is interrupted, or asked to stop, writes one first.
 *
 * @param folder that holds them, of this run alone; it is made when there is one
 * @param plugins that the parts of the model come from
 * @param about what each says of how it came about, beside the state; asked for when the first is written
 * @param from what the run goes on from; it begins anew if absent
 * @param stopping says whether the run should stop after the update that it is at; asked by the thread that trains
 */
@Experimental(since = "0.1")
public record Checkpoints(Path folder, Registry plugins, Supplier<Value.Mapping> about, Optional<Checkpoint> from,
    BooleanSupplier stopping) {

  /** In a folder, with the plug-ins at hand. */
  public static Checkpoints in(Path folder) {
    return new Checkpoints(folder, Registry.discover(), () -> new Value.Mapping(List.of(), Place.ROOT),
        Optional.empty(), () -> false);
  }

  /** For a model whose parts come from these plug-ins. */
  public Checkpoints withPlugins(Registry others) {
    return new Checkpoints(folder, others, about, from, stopping);
  }

  /** With something said of how they came about. */
  public Checkpoints withAbout(Supplier<Value.Mapping> said) {
    return new Checkpoints(folder, plugins, said, from, stopping);
  }

  /** For a run that goes on from one of them. */
  public Checkpoints resuming(Checkpoint checkpoint) {
    return new Checkpoints(folder, plugins, about, Optional.of(checkpoint), stopping);
  }

  /**
   * For a run that goes on from the newest that is whole, or begins anew if there is none.
   *
   * @throws FileException if the folder cannot be read
   */
  public Checkpoints resuming() throws FileException {
    return new Checkpoints(folder, plugins, about, Checkpoint.newest(folder, damaged -> {}), stopping);
  }

  /** For a run that can be asked to stop. */
  public Checkpoints withStopping(BooleanSupplier asked) {
    return new Checkpoints(folder, plugins, about, from, asked);
  }

  CheckpointSeries series() {
    return new CheckpointSeries(folder);
  }
}
