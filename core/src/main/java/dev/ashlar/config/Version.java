package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The version of the components of a record, written into files behind its name ({@code dense@2}); 1
 * without it. A record of version 2 or more may declare {@code public static Value migrate(int from, Value
 * tree)}, which takes the tree that stood under the name in a file of version {@code from} and returns one
 * of the present version.
 */
@Stable
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Version {
  /** Counts up from 1. */
  int value();
}
