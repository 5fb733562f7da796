package dev.ashlar.io.images;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.files.FileProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Images in folders, a folder for each class, called as the class is. Input: f32[channels, height, width], numbers from
 * 0 to 255, so that {@code divide: 255} makes fractions. Target: the index of the class, i32[]. Images that take no
 * more than a quarter of the heap, as bytes, are read once and kept; more are read whenever they are asked for.
 *
 * @param path the folder of folders
 * @param height that all images are brought to, as Pillow's BILINEAR does
 * @param width that all images are brought to
 * @param color red, green and blue, or one channel of gray
 * @param classes names of the folders, in order; by default all, in the order of the alphabet
 */
@Name("image_folder")
@Doc("PNG, JPEG, GIF or BMP images in folders, a folder for each class")
public record ImageFolder(
    @Doc("the folder of folders") Path path,
    @Doc("that all images are brought to") @Range(atLeast = 1, atMost = 16384) int height,
    @Doc("that all images are brought to") @Range(atLeast = 1, atMost = 16384) int width,
    @Doc("rgb or gray") @Default("rgb") Color color,
    @Doc("names of the folders in order; by default all by the alphabet") @Default("[]") List<String> classes)
    implements DataSource {

  /** What a pixel is. */
  public enum Color {
    /** Red, green and blue. */
    RGB,
    /** One number. */
    GRAY
  }

  /** Copies the list. */
  public ImageFolder {
    classes = List.copyOf(classes);
  }

  @Override
  public Dataset open() throws IOException {
    var folders = classes.isEmpty() ? list(path, Files::isDirectory) : named();
    if (folders.size() < 2) {
      throw FileException.at(path.toString(), folders.isEmpty() ? "no folders" : "one folder, '"
          + folders.getFirst().getFileName() + "'", "a folder of images for each class, at least two",
          "such as " + path.resolve("cats/1.png") + " and " + path.resolve("dogs/1.png"));
    }
    var files = new ArrayList<Path>();
    var labels = new ArrayList<Integer>();
    for (int i = 0; i < folders.size(); i++) {
      var images = list(folders.get(i), ImageForm::isImage);
      if (images.isEmpty()) {
        throw FileException.at(folders.get(i).toString(), "no images",
            "files that end in .png, .jpg, .jpeg, .gif or .bmp", "remove the folder if it is no class");
      }
      for (var image : images) {
        files.add(image);
        labels.add(i);
      }
    }
    var names = folders.stream().map(ImageFolder::name).toList();
    var form = new ImageForm(color == Color.GRAY, height, width);
    return ImageDataset.of(form, files, labels.stream().mapToInt(l -> l).toArray(), names);
  }

  private List<Path> named() throws IOException {
    var folders = new ArrayList<Path>();
    for (var name : classes) {
      var folder = path.resolve(name);
      if (!Files.isDirectory(folder)) {
        throw FileException.at(folder.toString(), "no such folder", "a folder of images for class '" + name + "'",
            "'classes' names the folders");
      }
      folders.add(folder);
    }
    return folders;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> list(Path folder, Predicate<Path> wanted) throws FileException {
    try (var files = Files.list(folder)) {
      // By name: what systems compare paths by differs in capital letters.
      return files.filter(file -> !name(file).startsWith(".")).filter(wanted)
          .sorted(Comparator.comparing(ImageFolder::name)).toList();
    } catch (IOException e) {
      throw FileProblems.reading(folder, e);
    }
  }

  @Override
  public List<Path> files() {
    return List.of(path);
  }
}
