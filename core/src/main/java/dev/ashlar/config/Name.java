package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name in configurations and model files: of a record among the implementations of its interface, of an
 * enum constant, of a component. On an interface, what messages call it ({@code a learning rate schedule}).
 * Without it, the name in Java in lower case with underscores.
 */
@Stable
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Name {
  /**
   * The name: lower case letters, digits and underscores, a letter first. Of what a plug-in brings, not {@code as},
   * {@code true}, {@code false} or {@code null}.
   */
  String value();
}
