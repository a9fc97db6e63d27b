package dev.natter.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps services apart, libraries plain, and names honest. */
class ArchitectureTest {
    private static final List<String> SERVICES = List.of("auth", "chat", "message", "media", "realtime");

    private static final JavaClasses NATTER = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
            .importPackages("dev.natter");

    @Test
    void everythingIsLookedAt() {
        for (String part : List.of("contracts", "conformance", "platform", "servers", "backup", "local")) {
            assertThat(in(part)).as(part).isNotEmpty();
        }
        for (String service : SERVICES) {
            assertThat(in(service)).as(service).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth", "chat", "message", "media", "realtime"})
    void aServiceKnowsNoOther(String service) {
        noClasses()
                .that()
                .resideInAPackage(under(service))
                .should()
                .dependOnClassesThat(resideInAnyPackage(Stream.concat(
                                SERVICES.stream().filter(other -> !other.equals(service)),
                                Stream.of("local", "servers", "backup"))
                        .map(ArchitectureTest::under)
                        .toArray(String[]::new)))
                .check(NATTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "contracts", "servers"})
    void aLibraryKnowsNoService(String library) {
        noClasses()
                .that()
                .resideInAPackage(under(library))
                .should()
                .dependOnClassesThat(resideInAnyPackage(Stream.concat(SERVICES.stream(), Stream.of("local", "backup"))
                        .map(ArchitectureTest::under)
                        .toArray(String[]::new)))
                .check(NATTER);
    }

    @Test
    void theContractsAreRecordsOverTheJdk() {
        classes()
                .that()
                .resideInAPackage(under("contracts"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "com.fasterxml.jackson.annotation..", under("contracts")))
                .check(NATTER);
    }

    @Test
    void theReferenceClientStandsOnAJsonParserAlone() {
        classes()
                .that()
                .resideInAPackage(under("conformance"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "tools.jackson..", under("conformance")))
                .check(NATTER);
    }

    @Test
    void thePlatformAndTheContractsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(under("platform"))
                .should()
                .dependOnClassesThat(resideInAPackage(under("contracts")))
                .check(NATTER);
    }

    /** So that none of it is loaded while nothing is traced. */
    @Test
    void onlyWhatRecordsTracesKnowsOpenTelemetry() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.platform\\.trace\\.Record(ed|ing)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAPackage("io.opentelemetry.."))
                .check(NATTER);
    }

    @Test
    void thePlatformSpeaksOfMechanismsOnly() {
        noClasses()
                .that()
                .resideInAPackage(under("platform"))
                .should()
                .haveSimpleNameContaining("Chat")
                .orShould()
                .haveSimpleNameContaining("Message")
                .orShould()
                .haveSimpleNameContaining("User")
                .orShould()
                .haveSimpleNameContaining("File")
                .check(NATTER);
    }

    @Test
    void onlyTheNodeSeesSeveralServices() {
        noClasses()
                .that()
                .resideInAPackage(under("platform"))
                .and()
                .resideOutsideOfPackage(under("platform.run"))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.natter.platform.run.Service")
                .check(NATTER);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.(utils?|common|helpers?|misc|base|shared|core)\\..*")
                .orShould()
                .haveNameMatching(".*[.$](Abstract\\w+|Base[A-Z]\\w*|\\w+(Impl|Manager|Dto|DTO|Helper|Utils?))")
                .check(NATTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth", "chat", "message", "media", "realtime"})
    void aServiceShowsItselfAndItsMainAndNothingElse(String service) {
        String name = Character.toUpperCase(service.charAt(0)) + service.substring(1) + "Service";

        assertThat(in(service).stream()
                        .filter(type -> type.isTopLevelClass()
                                && type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !isProvider(type)
                                && !type.getSimpleName().equals("package-info"))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(name, "Main");
        assertThat(in(service)).extracting(JavaClass::getPackageName).containsOnly("dev.natter." + service);
    }

    @Test
    void anInterfaceHasSeveralImplementationsOrIsASeam() {
        classes()
                .that()
                .areInterfaces()
                .and(describe("belong to a service", type -> SERVICES.contains(part(type))))
                .and()
                .doNotHaveSimpleName("package-info")
                .should(new ArchCondition<>("be sealed, functional, or implemented at least twice") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean earned = type.reflect().isSealed()
                                || type.isAnnotatedWith(FunctionalInterface.class)
                                || type.isAnnotation()
                                || type.getAllSubclasses().stream()
                                                .filter(sub -> !sub.isInterface())
                                                .count()
                                        >= 2;
                        events.add(new SimpleConditionEvent(type, earned, type.getName()));
                    }
                })
                .allowEmptyShould(true)
                .check(NATTER);
    }

    @Test
    void nobodyWritesToTheConsoleOrReadsTheEnvironmentButWhoStarts() {
        noClasses()
                .that(describe("belong to a service", type -> SERVICES.contains(part(type))))
                .should()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(NATTER);
    }

    private static String under(String part) {
        return "dev.natter." + part + "..";
    }

    private static String part(JavaClass type) {
        String[] names = type.getPackageName().split("\\.");
        return names.length > 2 ? names[2] : "";
    }

    /** Whether java.util.ServiceLoader must be able to make it. */
    private static boolean isProvider(JavaClass type) {
        return type.getRawInterfaces().stream()
                .anyMatch(implemented -> implemented.getName().startsWith("io.helidon.")
                        && implemented.getSimpleName().endsWith("Provider"));
    }

    private static List<JavaClass> in(String part) {
        return NATTER.stream().filter(type -> part(type).equals(part)).toList();
    }
}
