/**
 * The slow, obvious evaluation of every operation: what the words of {@link dev.ashlar.tensor.Op} mean. Every
 * backend is tested against it, and it runs what a backend lacks.
 *
 * <p>Accuracy comes first. Each operation reads its operands exactly, computes in double precision (sums with
 * a second double for what rounding lost), and rounds once, to the element type of its result. So f32 results
 * are the correctly rounded ones but for rare ties that double precision cannot tell, and f64 results are
 * good to about a unit in the last place. A fast backend agrees within its stated tolerance, not in bits.
 * Integers wrap. Functions come from {@link StrictMath}, so results are the same on every machine.
 */
@NullMarked
package dev.ashlar.reference;

import org.jspecify.annotations.NullMarked;
