package dev.ashlar.cli;

import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Programs;
import dev.ashlar.training.TrainingListener;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** The losses of a run: of training, step by step, and of the part that judges, epoch by epoch. */
final class LossCurve implements TrainingListener {

  private static final int ROWS = 8;
  /** Of fewer steps, the means over epochs are shown. */
  private static final int MANY_STEPS = 30;
  private static final int FEWEST = 3;
  /** Points of a curve. */
  private static final int SHOWN = 80;

  private final Points steps = new Points();
  private final Points epochs = new Points();
  private final Points judged = new Points();
  private String part = "";
  private long first;
  private long last;

  @Override
  public void step(long step, double loss) {
    if (first == 0) {
      first = step;
    }
    last = step;
    steps.add(step, loss);
  }

  @Override
  public void epoch(EpochReport report) {
    SequencedMap<String, SequencedMap<String, Double>> metrics = report.metrics();
    epochs.add(report.step(), metrics.get(Examples.TRAIN).get(Programs.LOSS));
    if (metrics.size() > 1) {
      part = metrics.lastEntry().getKey();
      judged.add(report.step(), metrics.lastEntry().getValue().get(Programs.LOSS));
    }
  }

  /** Draws them; nothing where there are next to no points. */
  void print(PrintWriter out) {
    boolean ofSteps = steps.size() >= MANY_STEPS;
    Points train = ofSteps ? steps.thinned(SHOWN) : epochs;
    if (train.size() < FEWEST) {
      return;
    }
    List<Plot.Curve> curves = new ArrayList<>();
    curves.add(new Plot.Curve(Examples.TRAIN, (char) 0, train.x(), train.y()));
    if (judged.size() > 0) {
      curves.add(new Plot.Curve(part, 'o', judged.x(), judged.y()));
    }
    out.println();
    long begin = ofSteps ? first : (long) train.x()[0];
    new Plot(Programs.LOSS, curves, ROWS, false, EpochTable.text("step %,d", begin), EpochTable.text("%,d", last))
        .print(out);
  }
}
