package dev.ashlar.bench;

import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.Random;

/** Greedy decoding with a key/value cache: a prompt of 16 tokens, then one token a run up to position 80. */
final class Decoding implements Workload.Prepared {

  private static final int PROMPT = 16;
  private static final int LAST = 80;

  private final Models.Gpt gpt;
  private final VariableStore store;
  private final Workspace prefill;
  private final Workspace decode;
  private final NDArray prompt;
  private final Random random = new Random(0);
  private int position = LAST;
  private long token;

  /**
   * Prepares it.
   *
   * @param weights in which they are kept; computed is in f32
   */
  Decoding(Backend backend, Models.Gpt gpt, DType weights) {
    this.gpt = gpt;
    Computation one = next(gpt, 1, weights);
    store = Runs.initialized(backend, one.variables());
    prefill = backend.compile(next(gpt, PROMPT, weights)).open(store);
    decode = backend.compile(one).open(store);
    prompt = prefill.argument("ids");
  }

  /** The most likely token after {@code time} tokens that start at the argument {@code position}. */
  static Computation next(Models.Gpt gpt, int time, DType weights) {
    // The cache is as long as the sequence will be.
    Trace trace = Trace.decoding(new Precision(weights, DType.F32, DType.F32), LAST);
    Tensor ids = Tensor.input("ids", TensorType.of(DType.I32, 1, time));
    Tensor logits = Forward.lastLogits(gpt, ids, trace);
    return new Computation("decode", Tensors.of("token", logits.argMax(-1)), trace.variables());
  }

  @Override
  public void run() {
    if (position >= LAST) {
      Runs.fill(prompt, gpt.vocabulary(), random);
      prefill.argument(Trace.POSITION).setLong(0, 0);
      prefill.run();
      token = prefill.result("token").getLong(0);
      position = PROMPT;
    }
    decode.argument("ids").setLong(0, token);
    decode.argument(Trace.POSITION).setLong(0, position++);
    decode.run();
    token = decode.result("token").getLong(0);
  }

  @Override
  public void close() {
    prefill.close();
    decode.close();
    store.close();
  }
}
