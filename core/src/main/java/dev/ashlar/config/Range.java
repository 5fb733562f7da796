package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Bounds of a number, or of each number in a list, map or optional: {@code @Range(atLeast = 0, below = 1)}.
 * NaN is in no range.
 */
@Stable
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
  /** The least value allowed; NaN for none. */
  double atLeast() default Double.NaN;

  /** Every allowed value is greater than this; NaN for none. */
  double above() default Double.NaN;

  /** The greatest value allowed; NaN for none. */
  double atMost() default Double.NaN;

  /** Every allowed value is less than this; NaN for none. */
  double below() default Double.NaN;
}
