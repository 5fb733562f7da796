package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.numpy.NumpyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Arrays of NumPy, one in a file; mapped where they lie as in memory, so that they may be larger than it. Input: an
 * example is what the first axis counts; fractions and integers of 64 bits are given as f32 and i32, 8-bit integers as
 * f32. Target: of whole numbers the index of a class, i32[], or several for each example, i32[..], of which those below
 * 0 do not count (padding); of others f32[targets]; none without labels.
 *
 * @param features an {@code .npy} file, [examples, ..]
 * @param labels an {@code .npy} file, [examples] of whole numbers from 0 or [examples, ..] of whole numbers, or
 *     [examples] or [examples, targets] of others
 * @param classes names; by default the numbers from 0 to the greatest label
 */
@Name("npy")
@Doc("arrays saved by NumPy, one in a file")
public record Npy(
    @Doc("the .npy file of inputs; its first axis counts examples") Path features,
    @Doc("the .npy file of labels") Optional<Path> labels,
    @Doc("names of the classes; by default the numbers from 0") @Default("[]") List<String> classes)
    implements DataSource {

  /** Copies the list. */
  public Npy {
    classes = List.copyOf(classes);
  }

  @Override
  public Dataset open() throws IOException {
    if (labels.isPresent()) FileProblems.requireAll(features, labels.get());
    var inputs = new ArrayColumns.Part(features.toString(), NumpyFiles.read(features));
    if (labels.isEmpty()) return ArrayColumns.of(inputs, Optional.empty(), classes);
    var targets = new ArrayColumns.Part(labels.get().toString(), NumpyFiles.read(labels.get()));
    return ArrayColumns.of(inputs, Optional.of(targets), classes);
  }

  @Override
  public List<Path> files() {
    return Stream.concat(Stream.of(features), labels.stream()).toList();
  }
}
