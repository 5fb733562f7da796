package dev.ashlar.io.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.model.Transform;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final int BATCH = 200;
  private static final int H = 3;
  private static final int W = 4;

  /** Each image holds 1 to 24, channel after channel. */
  private static final NDArray IMAGES = images();

  private static NDArray images() {
    var values = new float[BATCH * 2 * H * W];
    for (int i = 0; i < values.length; i++) values[i] = 1 + i % (2 * H * W);
    return NDArray.of(Shape.of(BATCH, 2, H, W), values);
  }

  private static float[] trained(Transform transform, int seed) {
    var trace = Trace.training(Precision.F32, 1);
    var result = transform.forward(Tensor.constant(IMAGES), trace.root());
    return Reference.evaluate(result, Map.of("training.seed", NDArray.of(Shape.of(2), seed, 0),
        Trace.STEP, NDArray.scalar(dev.ashlar.tensor.DType.I32, 0))).toFloats();
  }

  private static float[] image(float[] values, int which) {
    return Arrays.copyOfRange(values, which * 2 * H * W, (which + 1) * 2 * H * W);
  }

  @Test
  void nothingHappensButInTraining() {
    for (var transform : new Transform[] {new RandomFlip(RandomFlip.Direction.VERTICAL, 1), new RandomCrop(2),
        new RandomBrightness(0.5)}) {
      var scope = Trace.inference(Precision.F32).root();
      assertThat(Reference.evaluate(transform.forward(Tensor.constant(IMAGES), scope)).toFloats())
          .isEqualTo(IMAGES.toFloats());
      assertThatThrownBy(() -> transform.forward(Tensor.constant(NDArray.of(Shape.of(2, 2), 1f, 2, 3, 4)), scope))
          .isInstanceOf(ShapeException.class);
    }
  }

  @Test
  void halfOfTheImagesAreMirrored() {
    var flipped = trained(new RandomFlip(RandomFlip.Direction.HORIZONTAL, 0.5), 1);
    var original = image(IMAGES.toFloats(), 0);
    int mirrored = 0;
    for (int i = 0; i < BATCH; i++) {
      var image = image(flipped, i);
      if (Arrays.equals(image, original)) continue;
      mirrored++;
      for (int row = 0; row < 2 * H; row++) {
        for (int x = 0; x < W; x++) assertThat(image[row * W + x]).isEqualTo(original[row * W + W - 1 - x]);
      }
    }
    assertThat(mirrored).isBetween(70, 130);
    var upsideDown = image(trained(new RandomFlip(RandomFlip.Direction.VERTICAL, 1), 1), 7);
    for (int i = 0; i < W; i++) assertThat(upsideDown[i]).isEqualTo(original[(H - 1) * W + i]);
  }

  @Test
  void imagesAreMovedByEveryOffset() {
    var cropped = trained(new RandomCrop(1), 2);
    var original = image(IMAGES.toFloats(), 0);
    var offsets = new HashSet<String>();
    for (int i = 0; i < BATCH; i++) {
      var image = image(cropped, i);
      for (int down = -1; down <= 1; down++) {
        for (int right = -1; right <= 1; right++) {
          if (Arrays.equals(image, moved(original, down, right))) offsets.add(down + "," + right);
        }
      }
      assertThat(offsets).as("image " + i).isNotEmpty();
    }
    assertThat(offsets).hasSize(9);
    assertThat(trained(new RandomCrop(1), 2)).isEqualTo(cropped);
    assertThat(trained(new RandomCrop(1), 3)).isNotEqualTo(cropped);
  }

  private static float[] moved(float[] image, int down, int right) {
    var result = new float[image.length];
    for (int c = 0; c < 2; c++) {
      for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
          int fromY = y + down;
          int fromX = x + right;
          boolean inside = fromY >= 0 && fromY < H && fromX >= 0 && fromX < W;
          result[(c * H + y) * W + x] = inside ? image[(c * H + fromY) * W + fromX] : 0;
        }
      }
    }
    return result;
  }

  @Test
  void brightnessIsOneFactorForAnImage() {
    var changed = trained(new RandomBrightness(0.25), 4);
    float least = 2;
    float most = 0;
    for (int i = 0; i < BATCH; i++) {
      var image = image(changed, i);
      for (int k = 0; k < image.length; k++) {
        assertThat(image[k] / (k + 1)).isBetween(image[0] - 1e-5f, image[0] + 1e-5f);
      }
      least = Math.min(least, image[0]);
      most = Math.max(most, image[0]);
    }
    assertThat(least).isBetween(0.75f, 0.77f);
    assertThat(most).isBetween(1.23f, 1.25f);
  }
}
