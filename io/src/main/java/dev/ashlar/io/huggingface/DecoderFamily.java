package dev.ashlar.io.huggingface;

import dev.ashlar.config.Value;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Placement;
import java.util.List;
import java.util.Map;

/** A family whose models are built as Llama is: it says how its settings are called. */
public interface DecoderFamily extends ModelFamily {

  /** The same in common terms. */
  Decoder decoder();

  @Override
  default Value architecture() {
    return decoder().architecture();
  }

  @Override
  default List<Placement> placements() {
    return decoder().placements();
  }

  @Override
  default Map<String, String> keys() {
    return Decoder.KEYS;
  }

  @Override
  default int context() {
    return decoder().rope().context(decoder().context());
  }

  @Override
  default List<String> unused() {
    return decoder().unused();
  }
}
