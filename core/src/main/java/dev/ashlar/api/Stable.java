package dev.ashlar.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What is compiled against this type goes on working with all later versions of the same major number; a package says it
 * for those of its types that do not say otherwise. Two things are outside of the promise: the canonical constructors of
 * records, so that components can be added, and that nobody else implements sealed interfaces.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface Stable {}
