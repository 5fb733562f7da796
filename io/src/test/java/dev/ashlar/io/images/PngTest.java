package dev.ashlar.io.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

class PngTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 1, 3", "7, 3, 1", "300, 200, 3"})
  void isReadAsItWasWritten(int width, int height, int channels) throws IOException {
    byte[] samples = new byte[width * height * channels];
    new Random(1).nextBytes(samples);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(width, height, samples)));
    assertThat(read.getWidth()).isEqualTo(width);
    assertThat(read.getHeight()).isEqualTo(height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          assertThat(read.getRaster().getSample(x, y, c))
              .isEqualTo(samples[(y * width + x) * channels + c] & 0xff);
        }
      }
    }
  }

  @Test
  void refusesOtherNumbersOfSamples() {
    assertThatThrownBy(() -> Png.encode(2, 2, new byte[5])).hasMessageContaining("5 samples");
    assertThatThrownBy(() -> Png.encode(0, 2, new byte[0])).isInstanceOf(IllegalArgumentException.class);
  }
}
