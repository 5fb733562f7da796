/**
 * Tokenizers: text to numbers and back, as Hugging Face's {@code tokenizer.json} describes it, and training of
 * byte-level BPE.
 */
@NullMarked
package dev.ashlar.io.tokenizers;

import org.jspecify.annotations.NullMarked;
