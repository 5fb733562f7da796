/** How a number such as the learning rate changes as training goes on. */
@NullMarked
package dev.ashlar.optimizers.schedules;

import org.jspecify.annotations.NullMarked;
