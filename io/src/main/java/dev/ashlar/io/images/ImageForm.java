package dev.ashlar.io.images;

import dev.ashlar.config.FileException;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What all images of a set are brought to: f32[channels, height, width], numbers from 0 to 255. */
record ImageForm(boolean gray, int height, int width) {

  TensorType type() {
    return TensorType.of(DType.F32, gray ? 1 : 3, height, width);
  }

  float[] read(Path file) throws FileException {
    return ImageFile.read(file, gray).resized(height, width).values();
  }

  /** A file, by its name. */
  static boolean isImage(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g|gif|bmp)");
  }
}
