package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensors;
import java.util.Optional;

/**
 * A block at work in a traced model.
 *
 * @param path of the scope that it was applied in
 * @param block what was applied
 * @param in what it was given
 * @param out what it gave; absent while it is at work, and for ever if it failed
 */
@Stable
public record Application(String path, Block block, Tensors in, Optional<Tensors> out) {}
