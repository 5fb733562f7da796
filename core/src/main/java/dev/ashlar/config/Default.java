package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a component is when it is not given. Without it a component that is not optional must be given. */
@Stable
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /** A value in the grammar of {@link Value#parse}: {@code relu}, {@code [1, 2]}, {@code {a: 0.1}}. */
  String value();
}
