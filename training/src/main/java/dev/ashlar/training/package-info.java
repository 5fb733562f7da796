/**
 * Training, evaluation and prediction: what an application embeds. A {@link dev.ashlar.training.Task} says what is
 * to be learned, {@link dev.ashlar.training.Trainer} learns it, and a {@link dev.ashlar.training.Model} is the
 * outcome: it predicts, and is saved to and loaded from one file.
 */
@NullMarked
package dev.ashlar.training;

import org.jspecify.annotations.NullMarked;
