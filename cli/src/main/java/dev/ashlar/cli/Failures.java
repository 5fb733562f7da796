package dev.ashlar.cli;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.program.LookupException;
import dev.ashlar.program.NotANumberException;
import dev.ashlar.program.OperationException;
import dev.ashlar.runtime.PartFailedException;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.training.DivergedException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;

/** Says what went wrong. Only what nobody foresaw, and what failed in a plug-in's code, has a stack trace. */
final class Failures implements CommandLine.IExecutionExceptionHandler {

  static final int FAILED = 1;
  static final int USER = 2;

  @Override
  public int handleExecutionException(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    switch (e) {
      case ConfigException mistakes -> {
        int count = mistakes.problems().size();
        err.println(count == 1 ? "1 mistake:" : count + " mistakes:");
        err.println();
        err.println(mistakes.getMessage());
        return USER;
      }
      case FileException file -> {
        err.println(file.getMessage());
        return USER;
      }
      case ShapeException shape -> {
        err.println(shape.getMessage());
        return USER;
      }
      case LookupException symbol -> {
        err.println(symbol.getMessage());
        return USER;
      }
      case PartFailedException failed -> {
        err.println(failed.getMessage());
        failed.getCause().printStackTrace(err);
        return FAILED;
      }
      case DivergedException diverged -> {
        err.println("training stopped: " + diverged.getMessage());
        return FAILED;
      }
      case NotANumberException nan -> {
        err.println(nan.getMessage());
        return FAILED;
      }
      case InterruptedException _ -> {
        err.println("interrupted");
        return FAILED;
      }
      case UnsupportedOperationException missing -> {
        err.println(missing.getMessage());
        return FAILED;
      }
      case OperationException failed -> {
        err.println(failed.getMessage());
        failed.getCause().printStackTrace(err);
        return FAILED;
      }
      case IOException io -> {
        err.println(io.getMessage());
        return FAILED;
      }
      default -> {
        err.println("this should not have happened; please report it:");
        e.printStackTrace(err);
        return FAILED;
      }
    }
  }
}
