package dev.ashlar.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.ashlar.api.Experimental;
import dev.ashlar.api.Stable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The boundaries between modules. {@code root} is the package that all names are under, so that the
 * same rules can be shown to bite on planted violations.
 */
final class Rules {

  private static final String[] CORE =
      {"api", "tensor", "autodiff", "program", "model", "data", "plugin", "config", "reference"};

  private final String root;

  Rules(String root) {
    this.root = root;
  }

  /** All rules by a short name. */
  Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("core_is_small", coreIsSmall());
    rules.put("plug_ins_are_strangers_to_each_other", plugInsAreStrangers());
    rules.put("training_and_runtime_name_no_plug_in", hostsNameNoPlugIn());
    rules.put("guice_stays_in_runtime", guiceStaysInRuntime());
    rules.put("only_runtime_reads_yaml", onlyRuntimeReadsYaml());
    rules.put("reflection_binds_configuration_only", reflectionBindsConfigurationOnly());
    rules.put("no_static_mutable_state", noStaticMutableState());
    rules.put("no_unsafe_and_no_serialization", noUnsafe());
    rules.put("nothing_prints", nothingPrints());
    rules.put("no_package_cycles", noPackageCycles());
    rules.put("what_is_public_says_how_long", publicTypesSayHowLong());
    return rules;
  }

  private ArchRule coreIsSmall() {
    return classes().that(in(CORE))
        .should().onlyDependOnClassesThat(
            in(CORE)
                .or(resideInAnyPackage("java..", "org.slf4j..", "org.jspecify..", "jakarta.inject..")))
        .because("core holds abstractions only: whatever it needs, every application that embeds it needs too");
  }

  private ArchRule plugInsAreStrangers() {
    return slices().matching(root + ".(layers|optimizers|io|backend)..")
        .should().notDependOnEachOther()
        .because("ours are plug-ins like anybody's: one that knows another could not be replaced")
        .allowEmptyShould(true);
  }

  private ArchRule hostsNameNoPlugIn() {
    return noClasses().that(in("training", "runtime"))
        .should().dependOnClassesThat(in("layers", "optimizers", "backend"))
        .because("what they run is found by name; naming a class would give ours a door that strangers lack")
        .allowEmptyShould(true);
  }

  private ArchRule guiceStaysInRuntime() {
    return noClasses().that(not(in("runtime", "cli")))
        .should().dependOnClassesThat(resideInAnyPackage("com.google.inject..", "com.google.common.."))
        .because("applications embed the rest without a container")
        .allowEmptyShould(true);
  }

  private ArchRule onlyRuntimeReadsYaml() {
    return noClasses().that(not(in("runtime")))
        .should().dependOnClassesThat(resideInAPackage("org.snakeyaml.."))
        .because("everything else takes value trees, wherever they come from")
        .allowEmptyShould(true);
  }

  private ArchRule reflectionBindsConfigurationOnly() {
    return noClasses().that(not(in("config", "testkit")))
        .should().dependOnClassesThat(resideInAPackage("java.lang.reflect.."))
        .because("reflection hides who calls what; binding configurations to records, and its test, is its one use")
        .allowEmptyShould(true);
  }

  private ArchRule noStaticMutableState() {
    return fields().that().areStatic().and().areNotFinal()
        .should().notBeStatic()
        .because("two models in one process must not feel each other")
        .allowEmptyShould(true);
  }

  private ArchRule noUnsafe() {
    return noClasses().should().dependOnClassesThat(
            resideInAnyPackage("sun.misc..", "jdk.internal..")
                .or(DescribedPredicate.describe("Java serialization", c ->
                    c.getName().equals("java.io.ObjectInputStream") || c.getName().equals("java.io.ObjectOutputStream"))))
        .because("Unsafe is going away and serialized objects are code that a file brings in");
  }

  private ArchRule nothingPrints() {
    return noClasses().that(not(in("cli", "bench", "examples")))
        .should().accessField(System.class, "out")
        .orShould().accessField(System.class, "err")
        .because("a library's output belongs to the application: it logs or calls back")
        .allowEmptyShould(true);
  }

  private ArchRule noPackageCycles() {
    return slices().matching(root + ".(**)")
        .should().beFreeOfCycles()
        .because("packages that need each other are one package, and cannot be understood apart")
        .allowEmptyShould(true);
  }

  private ArchRule publicTypesSayHowLong() {
    return classes().that(in(CORE).or(in("training", "testkit"))).and().arePublic()
        .should(new ArchCondition<>("say whether they are stable or experimental, or be inside of one that does") {
          @Override
          public void check(JavaClass type, ConditionEvents events) {
            boolean says = says(type) || !isSeen(type);
            events.add(new SimpleConditionEvent(type, says, type.getName() + " does not say"));
          }
        })
        .because("whoever builds against a type has to know whether it stays");
  }

  /** A public type inside of one that is not is seen by nobody. */
  private static boolean isSeen(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC) && type.getEnclosingClass().map(Rules::isSeen).orElse(true);
  }

  private static boolean says(JavaClass type) {
    return type.isAnnotatedWith(Stable.class) || type.isAnnotatedWith(Experimental.class)
        || type.getEnclosingClass().map(Rules::says).orElse(false);
  }

  private DescribedPredicate<JavaClass> in(String... modules) {
    String[] packages = new String[modules.length];
    for (int i = 0; i < modules.length; i++) {
      packages[i] = root + "." + modules[i] + "..";
    }
    return resideInAnyPackage(packages);
  }

}
