/**
 * Tables of numbers, categories and dates: how columns are read, what stands for them in numbers, and what of that is
 * learnt from the training examples and saved with a model.
 */
@NullMarked
package dev.ashlar.io.tables;

import org.jspecify.annotations.NullMarked;
