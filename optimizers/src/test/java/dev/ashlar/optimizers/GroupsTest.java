package dev.ashlar.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupsTest {

  private final Trace trace = Trace.training(Precision.F32, 10);
  private final Set<String> asked = new TreeSet<>();

  /** A model of two layers, and a step of an optimizer that is told which gradients it asked for. */
  private Tensors step(Optimizer optimizer) {
    Tensor y = Tensor.input("x", TensorType.of(DType.F32, 5, 3));
    for (String layer : List.of("body", "head")) {
      y = y.matmul(trace.root().again(layer).parameter("weight", Shape.of(3, 3), Initializer.ONES))
          .add(trace.root().again(layer).parameter("bias", Shape.of(3), Initializer.ZEROS)).tanh();
    }
    Tensors parameters = trace.parameters();
    Optimizer.Objective objective = Objectives.of(y.sum(), parameters);
    return optimizer.step(parameters, at -> {
      asked.addAll(at.names());
      return objective.at(at);
    }, trace.root().child("optimizer"));
  }

  private Set<String> slots() {
    Set<String> slots = new TreeSet<>();
    trace.variables().stream().filter(v -> v.kind() == Variable.Kind.SLOT).map(Variable::name)
        .filter(name -> name.startsWith("optimizer")).forEach(slots::add);
    return slots;
  }

  private static Map<String, Optimizer> inOrder(String first, Optimizer one, String second, Optimizer two) {
    Map<String, Optimizer> map = new LinkedHashMap<>();
    map.put(first, one);
    map.put(second, two);
    return map;
  }

  @Test
  void the_first_pattern_that_matches_counts() {
    Sgd plain = Sgd.of(0.1);
    Sgd heavy = Sgd.of(0.1).withMomentum(0.9);
    step(new Groups(inOrder("*.bias", plain, "head.*", heavy), plain));
    assertThat(slots()).containsExactly("optimizer.group_1.head.weight.momentum");
  }

  @Test
  void one_group_may_have_several_patterns() {
    step(new Groups(Map.of("body.weight, *.bias", Sgd.of(0.1).withMomentum(0.9)), Sgd.of(0.1)));
    assertThat(slots()).hasSize(3).noneMatch(name -> name.contains("head.weight"));
  }

  @Test
  void what_is_frozen_stays_and_has_no_gradient() {
    Tensors after = step(new Groups(Map.of("body.*", new Frozen()), Adam.of(0.1)));
    assertThat(asked).containsExactly("head.bias", "head.weight");
    Tensors before = trace.parameters();
    assertThat(after.names()).isEqualTo(before.names());
    assertThat(after.get("body.weight")).isSameAs(before.get("body.weight"));
    assertThat(after.get("head.weight")).isNotSameAs(before.get("head.weight"));
    assertThat(slots()).allMatch(name -> name.contains(".head."));
  }

  @Test
  void the_same_transform_in_two_groups_has_two_memories() {
    Chain clipped = new Chain(List.of((gradients, parameters, scope) -> {
      var state = scope.slot("seen", TensorType.of(DType.F32), Initializer.ZEROS);
      state.set(state.value().add(1));
      return gradients;
    }), Sgd.of(0.1));
    step(new Groups(Map.of("*.bias", clipped), clipped));
    assertThat(slots()).containsExactly(
        "optimizer.group_0.transform_0.seen", "optimizer.group_1.transform_0.seen");
  }

  @Test
  void a_pattern_that_matches_nothing_is_a_mistake() {
    assertThatThrownBy(() -> step(new Groups(Map.of("haed.*", Sgd.of(1)), Sgd.of(1))))
        .hasMessage("groups: expected a pattern that matches some of the parameters: body.weight, body.bias,"
            + " head.weight, head.bias, found 'haed.*', which matches no parameter; did you mean 'head.*'?");
  }

  @Test
  void a_pattern_behind_a_wider_one_is_a_mistake() {
    assertThatThrownBy(() -> step(new Groups(inOrder("*", Sgd.of(1), "head.*", Sgd.of(1)), Sgd.of(1))))
        .hasMessageContaining("'head.*', whose parameters all belong to earlier patterns");
  }

  @Test
  void nothing_to_train_is_a_mistake() {
    assertThatThrownBy(() -> step(new Groups(Map.of("*", new Frozen()), Sgd.of(1))))
        .hasMessageContaining("parameters that are all frozen");
  }
}
