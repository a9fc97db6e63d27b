package dev.natter.tests;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.natter.auth.AuthService;
import dev.natter.chat.ChatService;
import dev.natter.media.MediaService;
import dev.natter.message.MessageService;
import dev.natter.platform.http.EdgeConfig;
import dev.natter.platform.http.Listener;
import dev.natter.platform.run.Service;
import dev.natter.platform.run.Settings;
import dev.natter.realtime.RealtimeService;
import io.helidon.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Holds {@code openapi.yaml} and the code against each other. */
class ContractTest {
    private static final Path ROOT = Path.of("..");
    private static final Map<Class<?>, Function<Config, Service>> SERVICES = new LinkedHashMap<>(Map.of(
            AuthService.class, AuthService::open,
            ChatService.class, ChatService::open,
            MessageService.class, MessageService::open,
            MediaService.class, MediaService::open,
            RealtimeService.class, RealtimeService::open));

    @Test
    void everyRouteIsInTheContractAndEveryOperationHasARoute() {
        Set<String> registered = new TreeSet<>();
        SERVICES.forEach((home, open) -> registered.addAll(routes(home, open)));

        Set<String> promised = Contract.natter().operations().stream()
                .map(Operation::toString)
                .filter(operation -> !Set.of("GET /openapi.json", "GET /asyncapi.json", "GET /docs")
                        .contains(operation))
                .collect(toCollection(TreeSet::new));

        assertThat(registered).isEqualTo(promised);
    }

    @Test
    void everyProblemCodeIsInTheContractAndInTheCode() throws IOException {
        Pattern code =
                Pattern.compile("(?:(?:Problem\\.of|new Problem|[^.\\w]of)\\(\\s*\\w+,\\s*\"|\"code\":\")([a-z_]+)\"");
        Set<String> used = new TreeSet<>();
        for (Path file : sources()) {
            var found = code.matcher(Files.readString(file));
            while (found.find()) {
                used.add(found.group(1));
            }
        }

        Set<String> promised = new TreeSet<>();
        Contract.natter()
                .document()
                .at("/components/schemas/Problem/properties/code/enum")
                .forEach(name -> promised.add(name.asString()));
        assertThat(used).isEqualTo(promised);
        String table = Contract.natter().document().at("/info/description").asString();
        assertThat(promised).allMatch(name -> table.contains("`" + name + "`"));
    }

    @Test
    void theContractIsWellFormed() {
        var meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        var document = Contract.natter().document();
        for (var schema : document.at("/components/schemas").properties()) {
            assertThat(meta.validate(schema.getValue())).as(schema.getKey()).isEmpty();
        }
        references(document)
                .forEach(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        var operations = Contract.natter().operations();
        assertThat(operations.stream()
                        .map(operation -> operation.spec().get("operationId").asString()))
                .doesNotHaveDuplicates();
        for (var operation : operations) {
            assertThat(operation.spec().path("summary").asString(""))
                    .as(operation.toString())
                    .isNotBlank();
            assertThat(operation.spec().at("/responses/default").isObject()).isTrue();
            if (operation.secured()) {
                assertThat(operation.spec().at("/responses/401").isObject())
                        .as(operation.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void theExamplesObeyTheirSchemas() {
        for (var operation : Contract.natter().operations()) {
            if (operation.takesJson()) {
                Contract.natter()
                        .conforms(
                                operation.pointer() + "/requestBody/content/application~1json/schema",
                                operation.example(),
                                operation.toString());
            }
        }
        for (var response :
                Contract.natter().document().at("/components/responses").properties()) {
            JsonNode example = response.getValue().at("/content/application~1problem+json/example");
            if (!example.isMissingNode()) {
                Contract.natter().conforms("/components/schemas/Problem", example, response.getKey());
            }
        }
    }

    @Test
    void theGoldenSamplesObeyTheContract() throws IOException {
        for (var sample : Map.of("message", "Message", "chat", "Chat", "user", "User", "file", "File")
                .entrySet()) {
            Path file = ROOT.resolve("contracts/samples/" + sample.getKey() + ".json");
            Contract.natter()
                    .conforms(
                            "/components/schemas/" + sample.getValue(),
                            Contract.JSON.readTree(Files.readAllBytes(file)),
                            sample.getKey());
        }
    }

    /** Whatever can answer: the services and nginx. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path folder =
                        module.endsWith("deploy") ? module.resolve("nginx") : module.resolve(Path.of("src", "main"));
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().matches(".*\\.(java|conf)"))
                                .forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }

    private static Set<String> routes(Class<?> home, Function<Config, Service> open) {
        Config config = Settings.load(
                home,
                Map.of(
                        "secret.key", "no secret at all, but long enough for one",
                        "database.url", "postgresql://nobody@127.0.0.1:1/nothing",
                        "nats.url", "nats://127.0.0.1:1",
                        "media.root", "target/natter/media-of-contract-test"));
        Service service = open.apply(config);
        try {
            Listener outside = Listener.open(EdgeConfig.from(config), 1);
            var routes = outside.routes(service.name(), service.tokens(), service.secret());
            service.routes(routes, Listener.internal(1).routes(service.name(), service.tokens(), service.secret()));
            return routes.table().stream()
                    .map(route -> route.method() + " " + route.path())
                    .collect(toSet());
        } finally {
            service.close();
        }
    }

    private static List<String> references(JsonNode node) {
        return node.findValuesAsString("$ref");
    }
}
