package dev.ashlar.io.images;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads an image with what the JDK has: PNG, JPEG, GIF, BMP. It is not turned, whatever a camera noted. */
final class ImageFile {
  /** The JDK reads others too, among them TIFF, whose sizes it believes. */
  private static final Set<String> FORMATS = Set.of("png", "jpeg", "gif", "bmp");
  /** A header that claims more is damaged, or meant to exhaust the memory. */
  private static final long MOST_PIXELS = 1L << 28;
  /** Pixels that a byte may stand for: PNG packs a thousand bytes into one, of which each may have eight. */
  private static final long PACKED = 8300;
  /** What a pixel takes on its way: in the JDK's image, as three floats, and again while its size is changed. */
  private static final long BYTES = 32;

  private ImageFile() {}

  /**
   * The image in its own size.
   *
   * @param gray one channel, or red, green and blue; transparency is dropped
   */
  static Pixels read(Path path, boolean gray) throws FileException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
    if (bytes.length == 0) throw bad(path, "an empty file");
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      var readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) throw bad(path, "no image of a format that is known");
      var reader = readers.next();
      try {
        if (Arrays.stream(reader.getOriginatingProvider().getFormatNames())
            .noneMatch(name -> FORMATS.contains(name.toLowerCase(Locale.ROOT)))) {
          throw bad(path, "no image of a format that is known");
        }
        reader.setInput(in, true, true);
        checkSize(path, (long) reader.getWidth(0) * reader.getHeight(0), bytes.length);
        return pixels(reader.read(0), gray);
      } finally {
        reader.dispose();
      }
    } catch (FileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's readers answer damage with exceptions of many kinds.
      var said = FileProblems.shown(String.valueOf(e.getMessage()));
      throw bad(path, "an image that is damaged or cut off (" + said + ")");
    }
  }

  private static void checkSize(Path path, long pixels, int bytes) throws FileException {
    if (pixels > MOST_PIXELS || pixels > PACKED * bytes) {
      throw bad(path, "an image of " + pixels + " pixels in " + bytes + " bytes");
    }
    long most = Runtime.getRuntime().maxMemory() / BYTES;
    if (pixels > most) {
      throw FileException.at(path.toString(), "an image of " + pixels + " pixels",
          "at most " + most + ", which the memory can hold", "make it smaller, or give the JVM more memory: -Xmx");
    }
  }

  private static FileException bad(Path path, String found) {
    return FileException.at(path.toString(), found, "a whole PNG, JPEG, GIF or BMP image",
        "fetch it again, or take it out of the folder");
  }

  private static Pixels pixels(BufferedImage image, boolean gray) {
    int width = image.getWidth();
    int height = image.getHeight();
    int size = width * height;
    int channels = gray ? 1 : 3;
    var values = new float[channels * size];
    var row = new int[width];
    for (int y = 0; y < height; y++) {
      colors(image, y, row);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int red = row[x] >> 16 & 0xff;
        int green = row[x] >> 8 & 0xff;
        int blue = row[x] & 0xff;
        if (gray) {
          // Luma of ITU-R 601, rounded as Pillow does.
          values[at] = 19595 * red + 38470 * green + 7471 * blue + 0x8000 >> 16;
        } else {
          values[at] = red;
          values[size + at] = green;
          values[2 * size + at] = blue;
        }
      }
    }
    return new Pixels(values, channels, height, width);
  }

  /**
   * A row as red, green and blue. What Java makes of gray and of the colours of print is corrected for brightness; the
   * numbers in the file are meant.
   */
  private static void colors(BufferedImage image, int y, int[] row) {
    int width = row.length;
    switch (image.getColorModel().getColorSpace().getType()) {
      case ColorSpace.TYPE_GRAY -> {
        int shift = Math.max(0, image.getColorModel().getComponentSize(0) - 8);
        image.getRaster().getSamples(0, y, width, 1, 0, row);
        for (int x = 0; x < width; x++) row[x] = (row[x] >> shift) * 0x010101;
      }
      case ColorSpace.TYPE_CMYK -> {
        var inks = image.getRaster().getPixels(0, y, width, 1, (int[]) null);
        for (int x = 0; x < width; x++) row[x] = printed(inks, 4 * x);
      }
      default -> image.getRGB(0, y, width, 1, row, 0, width);
    }
  }

  /** Cyan, magenta, yellow and black as red, green and blue, as Pillow has it. */
  private static int printed(int[] inks, int at) {
    int light = 255 - inks[at + 3];
    int color = 0;
    for (int i = 0; i < 3; i++) {
      int product = inks[at + i] * light + 128;
      color = color << 8 | light - ((product >> 8) + product >> 8);
    }
    return color;
  }
}
