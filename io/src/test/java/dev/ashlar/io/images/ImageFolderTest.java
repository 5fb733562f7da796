package dev.ashlar.io.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.config.FileException;
import dev.ashlar.io.Golden;
import dev.ashlar.io.numpy.NumpyFiles;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixtures are Pillow's, read and resized by it too; the script is {@code image_files.py}. */
class ImageFolderTest {
  private static final Path FIXTURES = Path.of("src/test/resources/dev/ashlar/io/images");

  private static final Path ODD = FIXTURES.resolveSibling("odd-images");

  @TempDir Path folder;

  private final Map<String, String> messages = new LinkedHashMap<>();

  @ParameterizedTest
  @CsvSource({"RGB,5,6", "RGB,9,13", "RGB,20,17", "GRAY,5,6", "GRAY,9,13", "GRAY,20,17"})
  void imagesAreReadAndResizedAsPillowDoes(ImageFolder.Color color, int height, int width) throws IOException {
    var name = (color == ImageFolder.Color.RGB ? "rgb_" : "gray_") + height + ".npy";
    var expected = NumpyFiles.read(FIXTURES.resolve(name));
    try (var data = new ImageFolder(FIXTURES, height, width, color, List.of()).open()) {
      assertThat(data.classes()).containsExactly("cats", "dogs");
      assertThat(data.columns().get("input"))
          .isEqualTo(TensorType.of(DType.F32, expected.shape().dim(1), height, width));
      var input = NDArray.zeros(new TensorType(DType.F32, expected.shape()));
      var target = NDArray.of(Shape.of(6), new int[6]);
      data.read(new long[] {0, 1, 2, 3, 4, 5}, 6, Map.of("input", input, "target", target));
      assertThat(target.toInts()).containsExactly(0, 0, 0, 1, 1, 1);
      long each = expected.size() / 6;
      boolean same = height == 9; // the images' own size, but for the small one
      for (int image = 0; image < 6; image++) {
        // Pillow counts in fixed point, and first reduces a palette to gray; two decoders of JPEG may differ a little.
        double most = image == 5 ? 4 : image == 0 && color == ImageFolder.Color.GRAY ? 2 : same && image != 2 ? 0 : 1;
        for (long i = 0; i < each; i++) {
          double found = input.get(image * each + i);
          assertThat(Math.abs(found - expected.get(image * each + i))).as("image " + image + ", " + i)
              .isLessThanOrEqualTo(most);
        }
      }
    }
  }

  @Test
  void imagesOfNoClassAreAskedAbout() throws IOException {
    var all = ImageFiles.in(FIXTURES);
    assertThat(all.names()).hasSize(6).contains(Path.of("cats", "rgb.png").toString());
    var type = TensorType.of(DType.F32, 3, 20, 17);
    try (var asked = all.open(type);
        var trained = new ImageFolder(FIXTURES, 20, 17, ImageFolder.Color.RGB, List.of()).open()) {
      assertThat(asked.columns()).containsOnlyKeys("input");
      var found = NDArray.zeros(type.withShape(Shape.of(6, 3, 20, 17)));
      var expected = NDArray.zeros(found.type());
      asked.read(new long[] {0, 1, 2, 3, 4, 5}, 6, Map.of("input", found));
      trained.read(new long[] {0, 1, 2, 3, 4, 5}, 6, Map.of("input", expected));
      assertThat(found.toFloats()).containsExactly(expected.toFloats());
    }
    var one = ImageFiles.in(FIXTURES.resolve("dogs/gray.png"));
    assertThat(one.names()).containsExactly(FIXTURES.resolve("dogs/gray.png").toString());
    assertThat(one.open(TensorType.of(DType.F32, 8, 8)).columns().get("input"))
        .isEqualTo(TensorType.of(DType.F32, 1, 8, 8));
    assertThat(catchThrowable(() -> one.open(TensorType.of(DType.F32, 4))))
        .hasMessageContaining("images are for models");
    assertThat(catchThrowable(() -> ImageFiles.in(folder))).hasMessageContaining("a folder without images");
  }

  @Test
  void classesInTheOrderAskedFor() throws IOException {
    try (var data = new ImageFolder(FIXTURES, 4, 4, ImageFolder.Color.GRAY, List.of("dogs", "cats")).open()) {
      assertThat(data.classes()).containsExactly("dogs", "cats");
      assertThat(data.size()).isEqualTo(6);
    }
  }

  @Test
  void imagesThatAreWrittenInOtherWays() throws IOException {
    var expected = NumpyFiles.read(ODD.resolve("rgb.npy"));
    var names = List.of("bits.png", "cmyk.jpg", "deep.png", "gray_alpha.png", "palette.png", "palette_4.png", "progressive.jpg",
        "rotated.jpg");
    int each = (int) expected.size() / names.size();
    for (int image = 0; image < names.size(); image++) {
      var pixels = ImageFile.read(ODD.resolve(names.get(image)), false);
      assertThat(pixels.height()).isEqualTo(9);
      for (int i = 0; i < each; i++) {
        assertThat(Math.abs(pixels.values()[i] - expected.get((long) image * each + i)))
            .as(names.get(image) + ", " + i).isLessThanOrEqualTo(names.get(image).endsWith("jpg") ? 4 : 0);
      }
    }
  }

  @Test
  void whatIsNoImageOfAClassIsLeft() throws IOException {
    for (var name : List.of("a", "B", ".ipynb_checkpoints")) {
      Files.createDirectories(folder.resolve(name));
      Files.copy(FIXTURES.resolve("cats/rgb.png"), folder.resolve(name).resolve("1.PNG"));
      Files.writeString(folder.resolve(name).resolve("._2.png"), "of another file system");
      Files.writeString(folder.resolve(name).resolve("Thumbs.db"), "no image");
      Files.createDirectories(folder.resolve(name).resolve("more.png"));
    }
    Files.writeString(folder.resolve("labels.csv"), "no folder");
    try (var data = new ImageFolder(folder, 4, 4, ImageFolder.Color.RGB, List.of()).open()) {
      assertThat(data.classes()).containsExactly("B", "a");
      assertThat(data.size()).isEqualTo(2);
    }
  }

  @Test
  void mistakes() throws IOException {
    note("no such folder", folder.resolve("none"), List.of());
    note("no folders", folder, List.of());
    Files.createDirectories(folder.resolve("cats"));
    note("one folder", folder, List.of());
    Files.createDirectories(folder.resolve("dogs"));
    note("no images", folder, List.of());
    note("a class without a folder", folder, List.of("cats", "dgos"));
    Files.copy(FIXTURES.resolve("cats/rgb.png"), folder.resolve("cats/1.png"));
    var dog = folder.resolve("dogs/1.png");
    Files.writeString(dog, "a dog");
    note("no image", folder, List.of());
    Files.write(dog, new byte[0]);
    note("an empty file", folder, List.of());
    var png = Files.readAllBytes(FIXTURES.resolve("dogs/gray.png"));
    Files.write(dog, Arrays.copyOf(png, png.length / 2));
    note("cut PNG", folder, List.of());
    var huge = png.clone();
    huge[16] = 0x7f;
    huge[20] = 0x7f;
    Files.write(dog, huge);
    note("absurd size", folder, List.of());
    Golden.check("dev/ashlar/io/images/bad.txt", messages);
  }

  private void note(String what, Path path, List<String> classes) {
    var thrown = catchThrowable(() -> new ImageFolder(path, 4, 4, ImageFolder.Color.RGB, classes).open());
    if (!(thrown instanceof FileException e)) throw new AssertionError(what + ": " + thrown, thrown);
    messages.put(what, e.getMessage().replace(folder.toString(), "DIR"));
  }
}
