/**
 * Models as Hugging Face folders hold them: {@code config.json}, safetensors in one file or in shards. A family of
 * models is a {@link dev.ashlar.model.ModelFamily}, ours like a stranger's.
 */
@NullMarked
package dev.ashlar.io.huggingface;

import org.jspecify.annotations.NullMarked;
