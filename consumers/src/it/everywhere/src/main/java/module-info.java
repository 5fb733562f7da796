/** An application that is a module. */
module com.example.application {
  requires dev.ashlar.backend.cpu;
  requires dev.ashlar.io;
  requires dev.ashlar.layers;
  requires dev.ashlar.optimizers;
  requires dev.ashlar.training;
  /* Only to have it in a jlink image. */
  requires org.slf4j.simple;
}
