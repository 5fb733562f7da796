package dev.ashlar.io.images;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Images of one size, kept as bytes or read when they are asked for. */
final class ImageDataset implements Dataset {
  private final ImageForm form;
  private final List<Path> files;
  private final int[] labels;
  private final List<String> classes;
  private final SequencedMap<String, TensorType> columns;
  /** u8[images, channels, height, width], or null if they are too many. */
  private final @Nullable NDArray kept;

  private ImageDataset(ImageForm form, List<Path> files, int[] labels, List<String> classes,
      SequencedMap<String, TensorType> columns, @Nullable NDArray kept) {
    this.form = form;
    this.files = List.copyOf(files);
    this.labels = labels;
    this.classes = classes;
    this.columns = Collections.unmodifiableSequencedMap(columns);
    this.kept = kept;
  }

  /** @param labels of the images; none where they are asked about */
  static ImageDataset of(ImageForm form, List<Path> files, int[] labels, List<String> classes)
      throws FileException {
    var columns = new LinkedHashMap<String, TensorType>();
    columns.put(Batch.INPUT, form.type());
    if (labels.length > 0) columns.put(Batch.TARGET, TensorType.of(DType.I32));
    long each = form.type().shape().size();
    NDArray kept = null;
    if (each * files.size() <= Runtime.getRuntime().maxMemory() / 4) {
      kept = NDArray.zeros(new TensorType(DType.U8, Shape.of(files.size()).concat(form.type().shape())));
      for (int i = 0; i < files.size(); i++) {
        var values = form.read(files.get(i));
        for (int k = 0; k < values.length; k++) kept.setLong(i * each + k, (long) values[k]);
      }
    }
    return new ImageDataset(form, files, labels, classes, columns, kept);
  }

  @Override
  public long size() {
    return files.size();
  }

  @Override
  public SequencedMap<String, TensorType> columns() {
    return columns;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
    var inputs = batch.get(Batch.INPUT);
    var targets = batch.get(Batch.TARGET);
    int each = (int) columns.get(Batch.INPUT).shape().size();
    for (int i = 0; i < count; i++) {
      int image = Math.toIntExact(positions[i]);
      if (targets != null) targets.setLong(i, labels[image]);
      if (inputs == null) continue;
      long to = (long) i * each;
      if (kept != null) {
        for (int k = 0; k < each; k++) inputs.set(to + k, kept.getLong((long) image * each + k));
      } else {
        var values = form.read(files.get(image));
        for (int k = 0; k < each; k++) inputs.set(to + k, values[k]);
      }
    }
  }
}
