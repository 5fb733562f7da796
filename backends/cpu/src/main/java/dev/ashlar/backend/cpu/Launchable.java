package dev.ashlar.backend.cpu;

/** What a program runs, one after the other. */
interface Launchable {

  /** Does it, on the caller's thread and those of the team. */
  void run(Team team);
}
