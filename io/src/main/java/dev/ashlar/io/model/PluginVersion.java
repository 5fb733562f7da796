package dev.ashlar.io.model;

/**
 * A plug-in that a model needs.
 *
 * @param name that qualifies its components
 * @param version in which the model was made
 */
public record PluginVersion(String name, String version) {}
