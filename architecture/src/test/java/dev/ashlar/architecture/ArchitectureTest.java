package dev.ashlar.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules hold for all our jars, and each of them is broken by the class planted for it. */
class ArchitectureTest {

  private static final String PLANTED = "dev.ashlar.architecture.planted";

  private final JavaClasses ours = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .withImportOption(location -> !location.contains("/architecture/") && !location.contains("/jmh_generated/"))
      .importPackages("dev.ashlar");

  @TestFactory
  Stream<DynamicTest> rulesHold() {
    return new Rules("dev.ashlar").all().entrySet().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(ours)));
  }

  @TestFactory
  Stream<DynamicTest> plantedViolationsAreFound() {
    return new Rules(PLANTED).all().entrySet().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
          JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);
          EvaluationResult result = rule.getValue().evaluate(planted);
          assertThat(result.hasViolation()).as("a class planted under %s breaks this rule", PLANTED).isTrue();
        }));
  }

  @Test
  void everyModuleIsLookedAt() {
    assertThat(ours.stream().map(c -> c.getPackageName().replaceFirst("dev\\.ashlar\\.([a-z]+).*", "$1")).distinct())
        .contains("api", "tensor", "autodiff", "program", "model", "data", "plugin", "config", "reference", "layers",
            "optimizers", "io", "backend", "training", "runtime", "cli", "testkit", "bench", "examples");
  }
}
