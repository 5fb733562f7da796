package dev.ashlar.model;

import dev.ashlar.config.Implementation;
import java.util.ArrayList;
import java.util.List;

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

  /** Those that it may have had in files, the present one first. */
  static List<String> all(Block block) {
    List<String> names = new ArrayList<>(List.of(of(block)));
    names.addAll(Implementation.earlierNamesOf(block));
    return names;
  }
}
