package dev.ashlar.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand that another jar adds, found by {@link java.util.ServiceLoader}: a class annotated
 * with picocli's {@code @Command}. It is loaded only when it is called for or when help lists all.
 */
public interface Subcommand extends Callable<Integer> {

  /**
   * Does the work.
   *
   * @return the exit code: 0, 1 if it failed, 2 for the user's mistake
   */
  @Override
  Integer call() throws Exception;
}
