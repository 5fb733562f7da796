/** Model files, sets of examples, tokenizers, and transforms of inputs. */
module dev.ashlar.io {
  requires static org.jspecify;
  requires transitive dev.ashlar.core;
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;
  requires org.slf4j;
  /* Only what reads images needs it. */
  requires static java.desktop;

  exports dev.ashlar.io;
  exports dev.ashlar.io.checkpoint;
  exports dev.ashlar.io.data;
  exports dev.ashlar.io.events;
  exports dev.ashlar.io.files;
  exports dev.ashlar.io.huggingface;
  exports dev.ashlar.io.images;
  exports dev.ashlar.io.json;
  exports dev.ashlar.io.model;
  exports dev.ashlar.io.numpy;
  exports dev.ashlar.io.safetensors;
  exports dev.ashlar.io.tables;
  exports dev.ashlar.io.text;
  exports dev.ashlar.io.tokenizers;
  exports dev.ashlar.io.transforms;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.io.IoPlugin;
}
