package dev.ashlar.io.images;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Images that a model is asked about, of no known class. Input: f32[channels, height, width], numbers from 0 to 255, as
 * {@link ImageFolder} gives them.
 *
 * @param path an image, or a folder of images and of folders of images
 * @param files the images, a folder's in the order of their names
 */
public record ImageFiles(Path path, List<Path> files) {

  /** Copies the list. */
  public ImageFiles {
    files = List.copyOf(files);
  }

  /**
   * An image, whatever it is called, or all in a folder.
   *
   * @throws FileException if there is none
   */
  public static ImageFiles in(Path path) throws FileException {
    if (!Files.isDirectory(path)) return new ImageFiles(path, List.of(path));
    try (var below = Files.walk(path)) {
      var files = below.filter(ImageForm::isImage).sorted().toList();
      if (!files.isEmpty()) return new ImageFiles(path, files);
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    } catch (UncheckedIOException e) {
      throw FileProblems.reading(path, e.getCause());
    }
    throw FileException.at(path.toString(), "a folder without images",
        "files that end in .png, .jpg, .jpeg, .gif or .bmp", "");
  }

  /** Whether a path names a folder, or an image by the end of its name. */
  public static boolean isMeant(Path path) {
    return path.getFileName() != null && ImageForm.isImage(path) || Files.isDirectory(path);
  }

  /** Names of the files, from the folder on. */
  public List<String> names() {
    return files.stream().map(file -> file.equals(path) ? file : path.relativize(file)).map(Path::toString).toList();
  }

  /**
   * Reads the images as a model takes them: one channel is gray, three are red, green and blue.
   *
   * @param example what the model takes, [channels, height, width] or, of gray images, [height, width]
   * @throws FileException if an image cannot be read, or the model takes no images
   */
  public Dataset open(TensorType example) throws IOException {
    var shape = example.shape();
    int channels = shape.rank() == 3 ? shape.dim(0) : 1;
    if (shape.rank() != 3 && shape.rank() != 2 || channels != 1 && channels != 3 || example.dtype() == DType.I32) {
      throw FileException.at(path.toString(), Files.isDirectory(path) ? "a folder of images" : "an image",
          "examples of " + example + ", as the model takes them",
          "images are for models of [1, height, width] or [3, height, width]");
    }
    return ImageDataset.of(new ImageForm(channels == 1, shape.dim(-2), shape.dim(-1)), files, new int[0], List.of());
  }
}
