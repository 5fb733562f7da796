package dev.ashlar.layers.initializers;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Doc;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/** Initializers without settings: constants, and random values scaled by the number of connections. */
public enum Initializers implements Initializer {
  /** Zeros. */
  @Doc("zeros")
  ZEROS((type, fans, key) -> Tensor.zeros(type)),
  /** Ones. */
  @Doc("ones")
  ONES((type, fans, key) -> Tensor.full(type, 1)),
  /** Uniform within sqrt(6 / (in + out)): Glorot and Bengio, 2010, equation 16. */
  @Doc("uniform within sqrt(6 / (in + out))")
  @Alias("xavier_uniform")
  GLOROT_UNIFORM((type, fans, key) -> within(Math.sqrt(6 / (fans.in() + fans.out())), type, key)),
  /** Normal of deviation sqrt(2 / (in + out)): Glorot and Bengio, 2010, equation 12. */
  @Doc("normal of deviation sqrt(2 / (in + out))")
  @Alias("xavier_normal")
  GLOROT_NORMAL((type, fans, key) -> key.normal(type).mul(Math.sqrt(2 / (fans.in() + fans.out())))),
  /** Uniform within sqrt(6 / in): He et al., 2015, equation 10. */
  @Doc("uniform within sqrt(6 / in)")
  @Alias("kaiming_uniform")
  HE_UNIFORM((type, fans, key) -> within(Math.sqrt(6 / fans.in()), type, key)),
  /** Normal of deviation sqrt(2 / in): He et al., 2015, equation 10. */
  @Doc("normal of deviation sqrt(2 / in)")
  @Alias("kaiming_normal")
  HE_NORMAL((type, fans, key) -> key.normal(type).mul(Math.sqrt(2 / fans.in()))),
  /** Uniform within sqrt(3 / in): LeCun et al., Efficient BackProp, 1998, section 4.6. */
  @Doc("uniform within sqrt(3 / in)")
  LECUN_UNIFORM((type, fans, key) -> within(Math.sqrt(3 / fans.in()), type, key)),
  /** Normal of deviation sqrt(1 / in), as selu wants it: LeCun et al., Efficient BackProp, 1998, section 4.6. */
  @Doc("normal of deviation sqrt(1 / in)")
  LECUN_NORMAL((type, fans, key) -> key.normal(type).mul(Math.sqrt(1 / fans.in())));

  private final Initializer rule;

  Initializers(Initializer rule) {
    this.rule = rule;
  }

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    return rule.initialize(type, fans, key);
  }

  static Tensor within(double limit, TensorType type, Key key) {
    return key.uniform(type).mul(2 * limit).sub(limit);
  }
}
