/**
 * The safetensors format: eight bytes with the length of a header (little-endian), the header as JSON, then
 * the elements of all tensors without gaps. Nothing in it can be executed.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
@NullMarked
package dev.ashlar.io.safetensors;

import org.jspecify.annotations.NullMarked;
