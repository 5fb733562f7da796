package dev.ashlar.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What is compiled against this type goes on working with all later versions of the same major number; a package says
 * it for those of its types that do not say otherwise. Outside of the promise are the canonical constructors of records,
 * so that components can be added, and which records a sealed interface permits.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface Stable {}
