package dev.ashlar.testkit;

import static dev.ashlar.testkit.Promises.require;

import dev.ashlar.config.Wildcards;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Placement;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Stored;
import dev.ashlar.model.Trace;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a family's parameters lie, element by element: the slow and obvious way.
 *
 * @param example what is claimed of files
 * @param parameters of the architecture, and their shapes
 */
record FamilyPlacements(ModelFamilyExample example, Map<String, Shape> parameters) {

  /** The input of a model: [1, length]. */
  static Tensors tokens(int length) {
    return Tensors.of(Batch.INPUT, Tensor.input(Batch.INPUT, TensorType.of(DType.I32, 1, length)));
  }

  /** Whether a name of {@code unused()} stands for a tensor, as where files are read. */
  static boolean matches(String pattern, String tensor) {
    return Wildcards.pattern(pattern).matcher(tensor).matches()
        || Wildcards.pattern(pattern).matcher("." + tensor).matches();
  }

  /** Placements of parameters that there are; whether they are all is asked elsewhere. */
  private List<Placement> placements() {
    return example.family().placements().stream().filter(p -> parameters.containsKey(p.parameter())).toList();
  }

  private Shape tensor(Placement placement) {
    return example.tensors().get(placement.tensor());
  }

  private Shape parameter(Placement placement) {
    return parameters.get(placement.parameter());
  }

  // ---------------------------------------------------------------- shapes

  void shapes() {
    for (Placement placement : placements()) {
      Shape tensor = tensor(placement);
      Shape parameter = parameter(placement);
      String what = "parameter '" + placement.parameter() + "' " + parameter + " is placed in ";
      require(tensor != null, what + "'" + placement.tensor() + "', which the example does not claim: correct the name,"
          + " or claim it");
      what += "tensor '" + placement.tensor() + "' " + tensor;
      require(!placement.transposed() || parameter.rank() == 2, what
          + " with its axes the other way round: only matrices are read so");
      placement.part().ifPresent(part -> requirePart(part, tensor, placement));
      Stored stored = new Stored(placement, TensorType.of(DType.F32).withShape(tensor));
      String taken = placement.part().map(part -> ", of which it takes " + said(part)).orElse("");
      require(stored.fits(parameter), what + taken + (placement.transposed() ? ", the axes the other way round" : "")
          + ": this needs a tensor " + stored.expected(parameter) + remedy(placement, parameter, tensor));
    }
  }

  private static void requirePart(Placement.Part part, Shape tensor, Placement placement) {
    String what = "parameter '" + placement.parameter() + "' takes " + said(part) + " of tensor '" + placement.tensor()
        + "' " + tensor;
    require(tensor.rank() == 1 || tensor.rank() == 2, what + ": parts are taken out of vectors and matrices alone");
    require(part.axis() >= 0 && part.axis() < tensor.rank(), what + ", which has no such axis");
    require(part.from() >= 0 && part.from() < part.to() && part.to() <= tensor.dim(part.axis()),
        what + ": there are entries 0 to " + tensor.dim(part.axis()) + ", the last one not included");
  }

  private static String said(Placement.Part part) {
    return "entries " + part.from() + " to " + part.to() + " along axis " + part.axis();
  }

  private static String remedy(Placement placement, Shape parameter, Shape tensor) {
    Placement other = new Placement(
        placement.parameter(), placement.tensor(), placement.part(), !placement.transposed());
    Stored stored = new Stored(other, TensorType.of(DType.F32).withShape(tensor));
    if (parameter.rank() != 2 || !stored.fits(parameter)) {
      return "";
    }
    return placement.transposed() ? "; it fits without asTransposed()"
        : "; it fits with asTransposed(), as the [out, in] of PyTorch's linear layers";
  }

  // ---------------------------------------------------------------- elements

  /** Where in its tensor each element of a parameter lies; both are counted row by row. */
  private int[] elements(Placement placement) {
    Shape parameter = parameter(placement);
    long[] strides = tensor(placement).strides();
    int[] elements = new int[Math.toIntExact(parameter.size())];
    for (int i = 0; i < elements.length; i++) {
      int[] index = new int[parameter.rank()];
      int rest = i;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        index[axis] = rest % parameter.dim(axis);
        rest /= parameter.dim(axis);
      }
      if (placement.transposed()) {
        index = new int[] {index[1], index[0]};
      }
      if (placement.part().isPresent()) {
        index[placement.part().get().axis()] += placement.part().get().from();
      }
      long at = 0;
      for (int axis = 0; axis < index.length; axis++) {
        at += index[axis] * strides[axis];
      }
      elements[i] = Math.toIntExact(at);
    }
    return elements;
  }

  void once() {
    shapes();
    Map<String, Placement[]> users = new LinkedHashMap<>();
    example.tensors().forEach((name, shape) -> users.put(name, new Placement[Math.toIntExact(shape.size())]));
    for (Placement placement : placements()) {
      Placement[] user = users.get(placement.tensor());
      for (int element : elements(placement)) {
        Placement before = user[element];
        if (before != null) {
          throw new AssertionError(said(placement.tensor(), element) + " is used twice: by parameter '"
              + before.parameter() + "' and by '" + placement.parameter() + "'");
        }
        user[element] = placement;
      }
    }
    users.forEach(this::noGaps);
  }

  private void noGaps(String tensor, Placement[] users) {
    Set<String> by = new LinkedHashSet<>();
    int gap = -1;
    for (int i = users.length - 1; i >= 0; i--) {
      if (users[i] == null) {
        gap = i;
      } else {
        by.add(users[i].parameter());
      }
    }
    if (by.isEmpty()) {
      require(example.family().unused().stream().anyMatch(pattern -> matches(pattern, tensor)),
          "tensor '" + tensor + "' " + example.tensors().get(tensor) + " is used by no parameter: place it, or, if a"
              + " model computes the same without it, say so by unused()");
      return;
    }
    if (gap >= 0) {
      throw new AssertionError(said(tensor, gap) + " is used by no parameter, and others are by "
          + FamilySettings.quoted(List.copyOf(by)) + ": parts of a tensor must be all of it");
    }
  }

  private String said(String tensor, int element) {
    Shape shape = example.tensors().get(tensor);
    return "element " + Values.index(TensorType.of(DType.F32).withShape(shape), element)
        + " of tensor '" + tensor + "' " + shape;
  }

  // ---------------------------------------------------------------- there and back

  /** Every number of a file another one: read as models are, written the obvious way, they are in the same places. */
  void roundTrip(Block block) {
    once();
    Map<String, NDArray> file = new LinkedHashMap<>();
    Map<String, Stored> stored = new LinkedHashMap<>();
    Map<String, NDArray> written = new LinkedHashMap<>();
    long number = 1;
    for (Placement placement : placements()) {
      TensorType type = TensorType.of(DType.F64).withShape(tensor(placement));
      stored.put(placement.parameter(), new Stored(placement, type));
      if (written.putIfAbsent(placement.tensor(), NDArray.zeros(type)) == null) {
        file.put(placement.tensor(), numbered(type, number));
        number += type.shape().size();
      }
    }
    Map<String, NDArray> read = read(block, stored, file);
    for (Placement placement : placements()) {
      NDArray value = Optional.ofNullable(read.get(placement.parameter())).orElseGet(
          () -> picked(placement, file.get(placement.tensor())));
      int[] elements = elements(placement);
      for (int i = 0; i < elements.length; i++) {
        written.get(placement.tensor()).set(elements[i], value.get(i));
      }
    }
    file.forEach((name, before) -> {
      long at = before.data().mismatch(written.get(name).data());
      if (at >= 0) {
        throw new AssertionError(
            said(name, (int) (at / DType.F64.bytes())) + " is another after the file was read and written");
      }
    });
  }

  private static NDArray numbered(TensorType type, long first) {
    NDArray array = NDArray.zeros(type);
    for (long i = 0; i < array.size(); i++) {
      array.set(i, first + i);
    }
    return array;
  }

  /** The trained parameters, as a model that is run in place has them. */
  private static Map<String, NDArray> read(Block block, Map<String, Stored> stored, Map<String, NDArray> file) {
    Trace trace = Trace.inference(Precision.F64).withStored(stored);
    trace.root().apply(block, tokens(1));
    Tensors parameters = trace.parameters().filter((name, tensor) -> stored.containsKey(name));
    List<NDArray> values = Reference.evaluate(parameters.values(), file);
    Map<String, NDArray> read = new LinkedHashMap<>();
    parameters.names().forEach(name -> read.put(name, values.get(read.size())));
    return read;
  }

  /** A state that is not trained, which is not looked at in place. */
  private NDArray picked(Placement placement, NDArray tensor) {
    NDArray array = NDArray.zeros(tensor.type().withShape(parameter(placement)));
    int[] elements = elements(placement);
    for (int i = 0; i < elements.length; i++) {
      array.set(i, tensor.get(elements[i]));
    }
    return array;
  }
}
