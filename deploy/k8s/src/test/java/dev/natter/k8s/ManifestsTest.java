package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the objects of each installation against each other and against the services. */
@ParameterizedClass(name = "{0}")
@MethodSource("installations")
record ManifestsTest(Installation installation) {
    /** As docs/operations.md has it: what a stop takes at most, after {@code server.shutdown.delay}. */
    private static final int STOP_SECONDS = 10;

    @Test
    void eachServiceHasAllThatItNeeds() {
        for (Code code : Code.values()) {
            String name = code.service();
            assertThat(installation.has(Deployment.class, name))
                    .as("Deployment %s", name)
                    .isTrue();
            assertThat(installation.has(Service.class, name))
                    .as("Service %s", name)
                    .isTrue();
            assertThat(installation.has(PodDisruptionBudget.class, name))
                    .as("budget of %s", name)
                    .isTrue();
            assertThat(installation.has(NetworkPolicy.class, name))
                    .as("policy of %s", name)
                    .isTrue();
        }
    }

    @Test
    void eachSelectorSelects() {
        for (Deployment made : installation.all(Deployment.class)) {
            assertThat(Pod.of("", made.getSpec().getTemplate())
                            .fits(made.getSpec().getSelector()))
                    .as(Installation.name(made))
                    .isTrue();
        }
        for (Service service : installation.all(Service.class)) {
            List<Pod> pods = installation.pods().stream()
                    .filter(pod -> pod.fits(service.getSpec().getSelector()))
                    .toList();
            assertThat(pods)
                    .as(Installation.name(service))
                    .extracting(Pod::name)
                    .containsExactly(Installation.name(service));
            assertThat(service.getSpec().getPorts())
                    .as(Installation.name(service))
                    .allMatch(
                            port -> pods.getFirst().hasPort(port.getTargetPort().getStrVal()));
        }
        for (PodDisruptionBudget budget : installation.all(PodDisruptionBudget.class)) {
            assertThat(installation.pods())
                    .filteredOn(pod -> pod.fits(budget.getSpec().getSelector()))
                    .hasSize(1);
        }
        for (NetworkPolicy policy : installation.all(NetworkPolicy.class)) {
            assertThat(installation.pods())
                    .as(Installation.name(policy))
                    .anyMatch(pod -> pod.fits(policy.getSpec().getPodSelector()));
        }
    }

    @Test
    void eachBackendIsAServicesPublicPort() {
        Stream<String> ingress = installation.all(Ingress.class).stream()
                .flatMap(made -> made.getSpec().getRules().stream())
                .flatMap(rule -> rule.getHttp().getPaths().stream())
                .map(path -> path.getBackend().getService())
                .map(backend -> backend.getName() + ":" + backend.getPort().getName());
        Stream<String> routes = installation.all(HTTPRoute.class).stream()
                .flatMap(made -> made.getSpec().getRules().stream())
                .flatMap(rule -> rule.getBackendRefs().stream())
                .map(backend ->
                        backend.getName() + ":" + (backend.getPort() == 8080 ? "http" : "" + backend.getPort()));
        Set<String> open = new HashSet<>();
        for (Service service : installation.all(Service.class)) {
            service.getSpec().getPorts().stream()
                    .filter(port -> port.getName().equals("http") && port.getPort() == 8080)
                    .forEach(port -> open.add(Installation.name(service) + ":http"));
        }

        assertThat(Stream.concat(ingress, routes)).isSubsetOf(open);
    }

    @Test
    void eachVariableIsASettingAndNoSecretIsAValue() {
        Set<String> known = Settings.known();
        for (Pod pod : installation.pods()) {
            for (EnvVar variable : pod.container().getEnv()) {
                if (variable.getName().matches(".*(KEY|PASSWORD|DATABASE_URL).*")) {
                    assertThat(variable.getValueFrom().getSecretKeyRef().getName())
                            .as("%s of %s", variable.getName(), pod.name())
                            .isNotBlank();
                }
                if (pod.service()) {
                    assertThat(known).as(pod.name()).contains(Settings.key(variable.getName()));
                }
            }
        }
        assertThat(Settings.shared()).containsEntry("LOG_FORMAT", "json");
        assertThat(known)
                .containsAll(
                        Settings.shared().keySet().stream().map(Settings::key).toList())
                .containsAll(installation.settings().keySet().stream()
                        .map(Settings::key)
                        .toList());
    }

    @Test
    void onlyWhoHasToAskGetsThrough() {
        Set<String> wanted = new HashSet<>();
        for (Code code : Code.values()) {
            Settings.neighbours(code).forEach(asked -> wanted.add(code.service() + " -> " + asked + ":9090"));
            if (installation.has(Deployment.class, "api-gateway")) {
                wanted.add("api-gateway -> " + code.service() + ":8080");
            }
            if (installation.has(Service.class, "nats")) {
                wanted.add(code.service() + " -> nats:4222");
                if (code != Code.REALTIME) {
                    wanted.add(code.service() + " -> postgres:5432");
                }
            }
        }

        assertThat(Traffic.of(installation).leaving()).isEqualTo(wanted);
        assertThat(Traffic.of(installation).entering()).isEqualTo(wanted);
    }

    @Test
    void outsideOnlyNamesAreAskedForAndTheServersThatAreThere() {
        Set<String> wanted = new HashSet<>();
        installation.pods().forEach(pod -> wanted.add(pod.name() + " -> kube-system:53"));
        if (!installation.has(Service.class, "nats")) {
            services().forEach(code -> wanted.add(code.service() + " -> 198.51.100.0/24:4222"));
            services()
                    .filter(code -> code != Code.REALTIME)
                    .forEach(code -> wanted.add(code.service() + " -> 192.0.2.0/24:5432"));
        }
        if (installation.has(NetworkPolicy.class, "to-collector")) {
            services().forEach(code -> wanted.add(code.service() + " -> observability:4318"));
        }

        assertThat(Traffic.of(installation).toElsewhere()).isEqualTo(wanted);
    }

    @Test
    void fromOutsideOnlyPublicPortsAreReachedAndMetricsByPrometheus() {
        boolean gateway = installation.has(Deployment.class, "api-gateway");
        for (String way : Traffic.of(installation).fromElsewhere()) {
            assertThat(way)
                    .matches(
                            gateway
                                    ? "ingress-nginx -> api-gateway:8080|monitoring -> [a-z-]+:9090"
                                    : "(gateway|ingress-nginx) -> (?!api-gateway)[a-z-]+:8080");
        }
    }

    @Test
    void eachPodIsRestricted() {
        for (Pod pod : installation.pods()) {
            var context = pod.container().getSecurityContext();
            assertThat(pod.spec().getSecurityContext().getRunAsNonRoot())
                    .as(pod.name())
                    .isTrue();
            assertThat(pod.spec().getSecurityContext().getRunAsUser())
                    .as(pod.name())
                    .isPositive();
            assertThat(pod.spec().getSecurityContext().getSeccompProfile().getType())
                    .isEqualTo("RuntimeDefault");
            assertThat(context.getAllowPrivilegeEscalation()).as(pod.name()).isFalse();
            assertThat(context.getReadOnlyRootFilesystem()).as(pod.name()).isTrue();
            assertThat(context.getCapabilities().getDrop()).as(pod.name()).containsExactly("ALL");
            assertThat(pod.spec().getAutomountServiceAccountToken())
                    .as(pod.name())
                    .isFalse();
            // Variables that name other Services would be taken for settings.
            assertThat(pod.spec().getEnableServiceLinks()).as(pod.name()).isFalse();
        }
    }

    @Test
    void eachPodHasItsShareAndAVersion() {
        for (Pod pod : installation.pods()) {
            assertThat(pod.container().getResources().getLimits())
                    .as(pod.name())
                    .containsKey("memory")
                    .doesNotContainKey("cpu");
            assertThat(pod.container().getResources().getRequests())
                    .as(pod.name())
                    .containsKeys("cpu", "memory");
            assertThat(pod.container().getImage()).as(pod.name()).matches("[a-z/-]+:(?!latest$)[0-9A-Za-z.-]+");
        }
    }

    @Test
    void eachServiceHasTimeToStopAndNobodyWaitsForAnUpdate() {
        int delay = Integer.parseInt(Settings.shared().get("SERVER_SHUTDOWN_DELAY"));
        for (Pod pod : installation.pods()) {
            if (pod.service()) {
                assertThat(pod.spec().getTerminationGracePeriodSeconds())
                        .as(pod.name())
                        .isGreaterThan(delay + STOP_SECONDS);
            }
        }
        for (Deployment made : installation.all(Deployment.class)) {
            var strategy = made.getSpec().getStrategy();
            // One volume of one machine can't be written by two.
            if (!strategy.getType().equals("Recreate")) {
                assertThat(strategy.getRollingUpdate().getMaxUnavailable()).isEqualTo(new IntOrString(0));
            }
        }
    }

    @Test
    void eachProbeIsAtAPortThatIsThere() {
        for (Pod pod : installation.pods()) {
            pod.probes()
                    .filter(probe -> probe.getHttpGet() != null)
                    .forEach(probe -> assertThat(
                                    pod.hasPort(probe.getHttpGet().getPort().getStrVal()))
                            .as(pod.name())
                            .isTrue());
            if (pod.service()) {
                assertThat(pod.probes())
                        .as(pod.name())
                        .hasSize(3)
                        .allMatch(probe ->
                                probe.getHttpGet().getPort().getStrVal().equals("internal"));
            }
        }
    }

    private static Stream<Code> services() {
        return Arrays.stream(Code.values());
    }

    static List<Installation> installations() throws IOException {
        return Installation.all();
    }
}
