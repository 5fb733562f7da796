package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.Optional;

/**
 * A named value that may carry a label of its own: {@code {dense: 10, as: head}}.
 *
 * @param label what {@code as} says: letters A to Z, digits, underscores and hyphens; one of a list only once
 * @param value the value beside it
 */
@Stable
public record Named<T>(Optional<String> label, T value) {}
