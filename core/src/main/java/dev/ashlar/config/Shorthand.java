package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an interface of named values: what a bare number or list stands for where one of them is meant. With
 * {@code @Shorthand(number = "constant")} on {@code Schedule}, {@code 0.1} is read as {@code {constant:
 * 0.1}}.
 */
@Stable
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {
  /** The implementation that a bare number stands for; empty for none. */
  String number() default "";

  /** The implementation that a bare list stands for; empty for none. */
  String list() default "";
}
