package dev.ashlar.model;

/**
 * A layer that prepares inputs (scaling, encoding): named in the data section of a configuration,
 * saved with the model as its first layers and so applied at prediction too.
 */
@FunctionalInterface
public interface Transform extends Layer {}
