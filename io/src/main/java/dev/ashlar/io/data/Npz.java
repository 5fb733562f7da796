package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.numpy.NumpyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Arrays of NumPy, several in one archive, read into memory. Input and target are as in {@link Npy}.
 *
 * @param path an {@code .npz} file as {@code numpy.savez} and {@code numpy.savez_compressed} write it
 * @param features name of the array of inputs
 * @param labels name of the array of labels; by default {@code y} if there is one
 * @param classes names; by default the numbers from 0 to the greatest label
 */
@Name("npz")
@Doc("arrays saved by NumPy, several in one archive")
public record Npz(
    @Doc("the .npz file") Path path,
    @Doc("name of the array of inputs") @Default("x") String features,
    @Doc("name of the array of labels; by default y if there is one") Optional<String> labels,
    @Doc("names of the classes; by default the numbers from 0") @Default("[]") List<String> classes)
    implements DataSource {

  private static final String USUAL = "y";

  /** Copies the list. */
  public Npz {
    classes = List.copyOf(classes);
  }

  @Override
  public Dataset open() throws IOException {
    var inputs = part(features, "features");
    var wanted = labels.or(() -> Optional.of(USUAL));
    if (labels.isEmpty() && !NumpyFiles.names(path).contains(USUAL)) {
      return ArrayColumns.of(inputs, Optional.empty(), classes);
    }
    return ArrayColumns.of(inputs, Optional.of(part(wanted.orElseThrow(), "labels")), classes);
  }

  private ArrayColumns.Part part(String name, String option) throws IOException {
    return new ArrayColumns.Part(path + ": " + name, NumpyFiles.read(path, name, option));
  }

  @Override
  public List<Path> files() {
    return List.of(path);
  }
}
