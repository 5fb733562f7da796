/** Arrays in NumPy's formats: {@code .npy}, and {@code .npz}, a zip file of them. */
@NullMarked
package dev.ashlar.io.numpy;

import org.jspecify.annotations.NullMarked;
