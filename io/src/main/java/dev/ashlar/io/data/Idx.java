package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Name;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Images and labels in the IDX format of MNIST. Input: [1, height, width], or [channels, height, width] if
 * the file has four axes, or [features] if it has two. Target: the index of a class, i32[]; none without
 * labels.
 *
 * @param images an IDX file, perhaps gzipped
 * @param labels an IDX file with one whole number for each image
 * @param dtype in which images are given: {@code f32}, or {@code u8} as they are kept (a quarter of the
 *     memory traffic; a transform must then turn them into fractions)
 * @param classes names; by default the numbers from 0 to the greatest label
 */
@Name("idx")
@Doc("images and labels in the format of MNIST")
public record Idx(
    @Doc("the file of images; may be gzipped") Path images,
    @Doc("the file of labels") Optional<Path> labels,
    @Doc("element type of the images: f32 or u8") @Default("f32") DType dtype,
    @Doc("names of the classes; by default the numbers from 0") @Default("[]") List<String> classes)
    implements DataSource {

  /** Copies the list. */
  public Idx {
    classes = List.copyOf(classes);
    if (dtype != DType.F32 && dtype != DType.U8) throw new IllegalArgumentException("as dtype f32 or u8");
  }

  /** Images as f32, and their labels. */
  public static Idx of(Path images, Path labels) {
    return new Idx(images, Optional.of(labels), DType.F32, List.of());
  }

  /**
   * Reads both files into memory.
   *
   * @throws FileException naming the file and the byte
   */
  @Override
  public Dataset open() throws IOException {
    if (labels.isPresent()) FileProblems.requireAll(images, labels.get());
    var columns = new ArrayList<ArrayDataset.Column>();
    var pictures = withChannels(IdxFile.read(images));
    if (dtype == DType.U8 && pictures.dtype() != DType.U8) {
      throw FileException.at(images.toString(), "elements of type " + pictures.dtype(), "u8, as 'dtype' says",
          "leave 'dtype' out: images are then given as f32");
    }
    columns.add(ArrayDataset.Column.of(Batch.INPUT, pictures, dtype));
    if (labels.isEmpty()) return new ArrayDataset(columns, classes, List.of());
    var targets = targets(labels.get(), pictures.shape().dim(0));
    columns.add(ArrayDataset.Column.of(Batch.TARGET, targets, DType.I32));
    return new ArrayDataset(
        columns, ClassNumbers.names(labels.get().toString(), targets, classes), List.of());
  }

  private NDArray withChannels(NDArray pictures) throws FileException {
    var shape = pictures.shape();
    if (shape.rank() < 2 || shape.rank() > 4) {
      throw FileException.at(images.toString(), shape.rank() + (shape.rank() == 1 ? " axis" : " axes"),
          "images of 3 axes (number, height, width), or 2 or 4",
          shape.rank() == 1 ? "it may be the file of labels" : "");
    }
    return shape.rank() == 3 ? pictures.reshape(shape.insert(1, 1).dims()) : pictures;
  }

  private NDArray targets(Path path, int count) throws FileException {
    var numbers = IdxFile.read(path);
    if (numbers.shape().rank() != 1) {
      throw FileException.at(path.toString(), numbers.shape().rank() + " axes", "one axis of labels",
          "it may be the file of images");
    }
    if (!numbers.dtype().isInteger()) {
      throw FileException.at(path.toString(), "elements of type " + numbers.dtype(), "whole numbers", "");
    }
    if (numbers.size() != count) {
      throw FileException.at(path.toString(), numbers.size() + " labels", count + ", as there are images in "
          + images, "the two files belong to different sets");
    }
    return numbers.cast(DType.I32);
  }

  @Override
  public List<Path> files() {
    return Stream.concat(Stream.of(images), labels.stream()).toList();
  }
}
