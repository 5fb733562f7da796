package dev.ashlar.reference;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;

/** The reference backend in a configuration: {@code reference} or {@code {reference: {checked: true}}}. */
@Experimental(since = "0.1")
@Name("reference")
public record ReferenceSettings(
    @Doc("stop at the first unknown symbol and at the first NaN") @Default("false") boolean checked)
    implements BackendFactory {

  @Override
  public Backend open() {
    return new ReferenceBackend(checked);
  }
}
