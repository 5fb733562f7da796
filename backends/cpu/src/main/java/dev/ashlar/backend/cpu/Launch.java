package dev.ashlar.backend.cpu;

import java.util.List;

/** Tasks that may run at the same time. */
record Launch(CpuWorkspace.Task[] tasks, boolean parallel, List<Inspection> inspections)
    implements Team.Job, Launchable {

  @Override
  public void run(Team team) {
    if (parallel) {
      team.run(this, tasks.length);
    } else {
      for (CpuWorkspace.Task task : tasks) {
        task.run();
      }
    }
    for (int i = 0; i < inspections.size(); i++) {
      inspections.get(i).check();
    }
  }

  @Override
  public void run(int piece) {
    tasks[piece].run();
  }
}
