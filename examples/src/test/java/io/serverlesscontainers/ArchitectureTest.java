package io.serverlesscontainers;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which way dependencies point, between modules and inside them. */
@AnalyzeClasses(
        packages = "io.serverlesscontainers",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeFixtures.class})
class ArchitectureTest {

    /** What several modules are tested with comes from modules and jars of its own. */
    static final class DoNotIncludeFixtures implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-fixture");
        }
    }

    @ArchTest
    static final ArchRule modules_depend_in_one_direction = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("store")
            .definedBy("io.serverlesscontainers.store..")
            .layer("core")
            .definedBy("io.serverlesscontainers.core..")
            .layer("policy")
            .definedBy("io.serverlesscontainers.policy..")
            .layer("cgroups")
            .definedBy("io.serverlesscontainers.cgroups..")
            .layer("couchdb")
            .definedBy("io.serverlesscontainers.couchdb..")
            .layer("opentsdb")
            .definedBy("io.serverlesscontainers.opentsdb..")
            .layer("examples")
            .definedBy("io.serverlesscontainers.examples..")
            .whereLayer("examples")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("policy")
            .mayOnlyBeAccessedByLayers("examples")
            .whereLayer("cgroups")
            .mayOnlyBeAccessedByLayers("examples")
            .whereLayer("couchdb")
            .mayOnlyBeAccessedByLayers("examples")
            .whereLayer("opentsdb")
            .mayOnlyBeAccessedByLayers("examples")
            .whereLayer("core")
            .mayOnlyBeAccessedByLayers("policy", "cgroups", "opentsdb", "examples");

    @ArchTest
    static final ArchRule documents_know_nothing_of_the_store = noClasses()
            .that()
            .resideInAPackage("io.serverlesscontainers.store.document..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.serverlesscontainers.store")
                    .or(resideInAPackage("io.serverlesscontainers.store.memory..")));

    @ArchTest
    static final ArchRule spis_know_nothing_of_who_uses_them = noClasses()
            .that()
            .resideInAPackage("io.serverlesscontainers.core.spi..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.serverlesscontainers.core..")
                    .and(resideInAPackage("io.serverlesscontainers.core.spi..").negate()));

    @ArchTest
    static final ArchRule services_of_the_core_do_not_know_each_other = slices().matching(
                    "io.serverlesscontainers.core.(guardian|scaler|snapshot|refeed|sanity|accounting|lease|simulation)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule only_libc_touches_jna = noClasses()
            .that()
            .doNotHaveSimpleName("Libc")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule only_the_policy_engine_touches_drools = noClasses()
            .that()
            .resideOutsideOfPackage("io.serverlesscontainers.policy..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.drools..", "org.kie..");

    @ArchTest
    static final ArchRule only_the_frame_of_the_services_touches_the_http_server = noClasses()
            .that()
            .resideOutsideOfPackage("io.serverlesscontainers.examples.service.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

    /** OkHttp is optional there: who stays on one machine need not have it. */
    @ArchTest
    static final ArchRule the_driver_of_this_machine_knows_nothing_of_others = noClasses()
            .that()
            .resideInAPackage("io.serverlesscontainers.cgroups..")
            .and()
            .resideOutsideOfPackage("io.serverlesscontainers.cgroups.remote..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.serverlesscontainers.cgroups.remote..", "okhttp3..");

    /** DRL is code: it comes from the program that embeds the library, never from a document or a request. */
    @ArchTest
    static final ArchRule nothing_in_here_turns_text_into_code = noClasses()
            .that()
            .resideOutsideOfPackage("io.serverlesscontainers.policy.internal.drl..")
            .and()
            .doNotHaveSimpleName("DrlPolicy")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.(DrlPolicy|DrlCompiler)");

    @ArchTest
    static final ArchRule libraries_never_print_or_exit = noClasses()
            .that()
            .resideOutsideOfPackage("io.serverlesscontainers.examples..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethodWhere(target(name("printStackTrace")));
}
