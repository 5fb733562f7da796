package dev.ashlar.io;

import dev.ashlar.io.data.Arithmetic;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.Idx;
import dev.ashlar.io.data.JsonLines;
import dev.ashlar.io.data.Npy;
import dev.ashlar.io.data.Npz;
import dev.ashlar.io.data.RandomNumbers;
import dev.ashlar.io.data.Regression;
import dev.ashlar.io.data.Sequences;
import dev.ashlar.io.data.Text;
import dev.ashlar.io.data.TextLines;
import dev.ashlar.io.huggingface.Gpt2;
import dev.ashlar.io.huggingface.Llama;
import dev.ashlar.io.huggingface.Mistral;
import dev.ashlar.io.huggingface.Phi3;
import dev.ashlar.io.huggingface.Qwen2;
import dev.ashlar.io.huggingface.Qwen3;
import dev.ashlar.io.images.ImageFolder;
import dev.ashlar.io.transforms.Divide;
import dev.ashlar.io.transforms.Inputs;
import dev.ashlar.io.transforms.MinMax;
import dev.ashlar.io.transforms.RandomBrightness;
import dev.ashlar.io.transforms.RandomCrop;
import dev.ashlar.io.transforms.RandomFlip;
import dev.ashlar.io.transforms.Rescale;
import dev.ashlar.io.transforms.Standardize;
import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Data sources, transforms, and families of models. */
public final class IoPlugin implements Plugin {
  /** For the service loader. */
  public IoPlugin() {}

  @Override
  public String name() {
    return "io";
  }

  @Override
  public List<Class<?>> components() {
    return List.of(
        Arithmetic.class, Csv.class, Idx.class, ImageFolder.class, JsonLines.class, Npy.class, Npz.class, RandomNumbers.class,
        Regression.class, Sequences.class, Text.class, TextLines.class, Divide.class, Inputs.class, MinMax.class,
        RandomBrightness.class, RandomCrop.class, RandomFlip.class, Rescale.class, Standardize.class,
        Gpt2.class, Llama.class, Mistral.class, Phi3.class, Qwen2.class, Qwen3.class);
  }
}
