package dev.ashlar.io.huggingface;

import dev.ashlar.config.Binder;
import dev.ashlar.config.Description;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.model.ModelFamily;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Old and new spellings of config.json. */
final class Spelling {

  private static final String ROPE = "rope_parameters";

  /** Beside the stretch it counts for more than within. */
  private static final String TRAINED = "original_max_position_embeddings";
  private static final List<String> STRETCHED = List.of("llama3", "yarn", "longrope");

  private Spelling() {}

  /** In today's words, without what is null. */
  static Value.Mapping current(Value.Mapping config) {
    Value.Mapping now = withoutNulls(config);
    if (now.get("torch_dtype") != null && now.get("dtype") == null) {
      now = now.renamed("torch_dtype", "dtype");
    }
    return rope(now);
  }

  /** {@code rope_theta} and {@code rope_scaling} are parts of {@code rope_parameters} today, {@code type} is {@code rope_type}. */
  private static Value.Mapping rope(Value.Mapping config) {
    Value scaling = config.get("rope_scaling");
    Value known = config.get(ROPE);
    // Of a file that has both, transformers takes the old one.
    Value.Mapping rope = scaling instanceof Value.Mapping old && !old.entries().isEmpty() ? old
        : known instanceof Value.Mapping today ? today : new Value.Mapping(List.of(), config.place());
    rope = withoutNulls(rope);
    rope = rope.get("rope_type") == null ? rope.renamed("type", "rope_type") : rope.without("type");
    for (String key : List.of("rope_theta", "partial_rotary_factor")) {
      Value value = config.get(key);
      if (value != null && rope.get(key) == null) {
        rope = rope.with(key, value);
      }
    }
    Value trained = config.get(TRAINED);
    if (trained != null && rope.get("rope_type") instanceof Value.Text type && STRETCHED.contains(type.value())) {
      rope = rope.without(TRAINED).with(TRAINED, trained);
    }
    Value.Mapping rest = config.without("rope_scaling").without("rope_theta").without("partial_rotary_factor");
    return rope.entries().isEmpty() ? rest.without(ROPE) : rest.with(ROPE, rope);
  }

  private static Value.Mapping withoutNulls(Value.Mapping map) {
    return new Value.Mapping(
        map.entries().stream().filter(e -> !(e.value() instanceof Value.Null)).toList(), map.place());
  }

  /** What a family asks for, under its name: {@code llama: {hidden_size: ..}}. */
  static Value known(Value.Mapping config, NameResolver names) {
    Value.Text type = (Value.Text) Objects.requireNonNull(config.get(HuggingFaceFolder.TYPE));
    List<String> keys = names.implementations(ModelFamily.class).orElse(List.of()).stream()
        .filter(family -> family.name().equals(type.value()))
        .flatMap(family -> new Binder(names, Path.of("")).describe(family).fields().stream())
        .map(Description.Field::name).toList();
    Value.Mapping kept = new Value.Mapping(
        config.entries().stream().filter(e -> keys.contains(e.key())).toList(), config.place());
    return new Value.Mapping(
        List.of(new Value.Entry(type.value(), type.place().location(), keys.isEmpty() ? empty(type) : kept)),
        type.place());
  }

  private static Value.Mapping empty(Value.Text type) {
    return new Value.Mapping(List.of(), type.place());
  }
}
