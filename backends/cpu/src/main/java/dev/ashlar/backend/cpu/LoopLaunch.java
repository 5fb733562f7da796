package dev.ashlar.backend.cpu;

import java.util.List;

/** A body, step by step. Running it allocates nothing. */
record LoopLaunch(LoopPlaces places, Launchable[] body) implements Launchable {

  LoopLaunch(LoopPlaces places, List<Launchable> body) {
    this(places, body.toArray(Launchable[]::new));
  }

  @Override
  public void run(Team team) {
    team.stayAwake(true);
    try {
      places.begin();
      for (int step = 0; step < places.steps(); step++) {
        places.moveTo(step);
        for (Launchable part : body) {
          part.run(team);
        }
      }
      places.end();
    } finally {
      team.stayAwake(false);
    }
  }
}
