package dev.ashlar.training;

/**
 * What is about to be trained.
 *
 * @param parameters trained numbers in the model
 * @param examples to learn from
 * @param epochs to come
 * @param steps to come, in all epochs
 * @param backend what runs it and why, in one line
 */
public record TrainingStart(long parameters, long examples, int epochs, long steps, String backend) {}
