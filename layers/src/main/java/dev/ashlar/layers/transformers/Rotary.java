package dev.ashlar.layers.transformers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Rotary positions: elements {@code i} and {@code i + d / 2} of a query or key are turned together by an angle that
 * grows with the position, so that products depend on distances alone. Su et al., 2021, section 3.2.2, with pairs as
 * transformers has them.
 *
 * @param base of the powers that frequencies are
 * @param fraction of a head's elements that are turned, the first ones
 * @param scaling for sequences longer than those of training
 */
@Name("rotary")
public record Rotary(
    @Doc("of the powers that frequencies are") @Default("10000") @Range(above = 1) double base,
    @Doc("part of a head's elements that are turned, the first ones") @Default("1") @Range(above = 0, atMost = 1)
        double fraction,
    @Doc("for sequences longer than those of training") Optional<Scaling> scaling) {

  /** Of all elements, base 10,000, not stretched. */
  public Rotary() {
    this(10_000, 1, Optional.empty());
  }

  /**
   * Turns vectors by their positions.
   *
   * @param x [batch, heads, time, width]
   */
  public Tensor turned(Tensor x, Scope scope) {
    int width = (int) (x.dim(-1) * fraction);
    if (width % 2 != 0 || width == 0) {
      throw new ShapeException("rotary", "an even number of elements to turn",
          width + " of the " + x.dim(-1) + " of a head", "change 'head_width', 'heads' or 'fraction'");
    }
    Tensor angles = angles(x.dim(-2), width, Positions.anglesOf(x), scope); // (1 or B, 1, T, d / 2)
    double temperature = Scaling.temperature(scaling);
    Tensor cos = angles.cos().mul(temperature).cast(x.dtype());
    Tensor sin = angles.sin().mul(temperature).cast(x.dtype());
    Tensor first = x.slice(-1, 0, width / 2);
    Tensor second = x.slice(-1, width / 2, width);
    List<Tensor> parts = List.of(first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin)));
    Tensor turned = Tensor.concat(parts, -1);
    return width == x.dim(-1) ? turned : Tensor.concat(List.of(turned, x.slice(-1, width, x.dim(-1))), -1);
  }

  private Tensor angles(int time, int width, DType dtype, Scope scope) {
    Tensor positions = Positions.of(time, scope).cast(dtype); // (1 or B, T)
    Tensor end = scope.position().add(time).reshape(1);
    Tensor lengths = scope.padding().map(end::sub).orElse(end).cast(dtype); // (1 or B)
    Tensor frequencies = Scaling.frequencies(scaling, width, base, lengths); // (1 or B, d / 2)
    return positions.reshape(positions.dim(0), 1, time, 1)
        .mul(frequencies.reshape(frequencies.dim(0), 1, 1, width / 2));
  }
}
