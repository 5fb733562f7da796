/**
 * Symbolic tensors, their transformations, and the interfaces that plug-ins implement. Needs nothing
 * but a logging facade.
 */
module dev.ashlar.core {
  requires static transitive org.jspecify;
  requires org.slf4j;

  exports dev.ashlar.api;
  exports dev.ashlar.autodiff;
  exports dev.ashlar.config;
  exports dev.ashlar.data;
  exports dev.ashlar.model;
  exports dev.ashlar.plugin;
  exports dev.ashlar.program;
  exports dev.ashlar.reference;
  exports dev.ashlar.tensor;

  uses dev.ashlar.plugin.Plugin;
  uses dev.ashlar.tensor.Evaluator;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.reference.ReferencePlugin;
  provides dev.ashlar.tensor.Evaluator with dev.ashlar.reference.ReferenceEvaluator;
}
