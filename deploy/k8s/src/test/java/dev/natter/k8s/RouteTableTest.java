package dev.natter.k8s;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Holds the route table against the contract and the code. */
class RouteTableTest {
    /** What every service has; the table names one of them. */
    private static final Set<String> EVERYWHERE = Set.of("/openapi.json", "/asyncapi.json", "/docs");

    private static final List<Route> TABLE = Tree.routes();

    @TempDir
    static Path scratch;

    @Test
    void noPathFitsTwoRoutes() {
        for (int i = 0; i < TABLE.size(); i++) {
            for (Route later : TABLE.subList(i + 1, TABLE.size())) {
                assertThat(TABLE.get(i).meets(later))
                        .as("a path may fit both %s and %s", TABLE.get(i).path(), later.path())
                        .isFalse();
            }
        }
    }

    @Test
    void eachPathOfTheContractGoesToTheServiceThatAnswersIt() {
        Map<String, String> owners = Code.owners(scratch);

        assertThat(owners.keySet())
                .isEqualTo(Contract.paths().stream()
                        .filter(path -> !EVERYWHERE.contains(path))
                        .collect(toCollection(TreeSet::new)));
        owners.forEach((path, service) -> assertThat(service(path)).as(path).isEqualTo(service));
        assertThat(EVERYWHERE).extracting(RouteTableTest::service).containsOnly("auth-service");
    }

    @Test
    void noRouteIsForNothing() {
        assertThat(TABLE)
                .filteredOn(route -> !route.path().equals("/docs/**"))
                .allMatch(
                        route -> Contract.paths().stream().map(Contract::sample).anyMatch(route::fits));
    }

    /**
     * Exact and RegularExpression as the Gateway API's specification has them; the expressions say where they begin.
     */
    @Test
    void theGatewayApiSendsEachPathToTheSameService() {
        JsonNode rules =
                Tree.documents(Tree.text(Output.GATEWAY_API.file())).getFirst().at("/spec/rules");

        for (String path : Contract.paths()) {
            String asked = Contract.sample(path);
            List<String> services = rules.valueStream()
                    .filter(rule -> rule.get("matches").valueStream().anyMatch(match -> matches(match, asked)))
                    .map(rule -> rule.at("/backendRefs/0/name").asString())
                    .toList();
            assertThat(services).as(path).containsExactly(service(path));
        }
    }

    private static boolean matches(JsonNode match, String asked) {
        String value = match.at("/path/value").asString();
        return switch (match.at("/path/type").asString()) {
            case "Exact" -> asked.equals(value);
            case "RegularExpression" -> asked.matches(value);
            case String other -> throw new AssertionError(other);
        };
    }

    private static String service(String path) {
        return TABLE.stream()
                .filter(route -> route.fits(Contract.sample(path)))
                .findFirst()
                .map(Route::service)
                .orElse("nobody");
    }
}
