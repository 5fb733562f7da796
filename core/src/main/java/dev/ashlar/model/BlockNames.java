package dev.ashlar.model;

import dev.ashlar.config.Implementation;

/** What a part is called when it is not given a name. */
final class BlockNames {

  private BlockNames() {}

  /** Its registered name, or its kind in lower case with underscores: {@code ToyLayer} is {@code toy_layer}. */
  static String of(Block block) {
    Class<?> type = block.getClass();
    if (type.isSynthetic() || type.isAnonymousClass() || type.isHidden()) {
      return "layer";
    }
    return Implementation.nameOf(block);
  }
}
