package dev.ashlar.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What is compiled against this type, or against a type inside it, goes on working with all later versions of the same
 * major number. Outside of the promise are the canonical constructors of records, so that components can be added, and
 * which records a sealed interface permits.
 */
@Stable
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Stable {}
