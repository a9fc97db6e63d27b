package dev.natter.platform.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The contracts as JSON, and pages to read and try them; everything comes from the class path. */
final class Docs {
    private static final String CONTRACTS = "/dev/natter/contracts/";
    private static final String OWN = "/dev/natter/platform/http/";
    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
    private static final String WEBJAR_PROPERTIES = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String JSON = "application/json";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Header CSP = HeaderValues.createCached(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'");
    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");

    private record Asset(String type, String resource) {}

    private final Map<String, Asset> assets;

    /** Made from YAML when first asked for: it would take a good part of the time in which a service starts. */
    private final Map<String, byte[]> contracts = new ConcurrentHashMap<>();

    private Docs(Map<String, Asset> assets) {
        this.assets = assets;
    }

    /** The docs, or empty if the contracts aren't on the class path. */
    static Optional<Docs> load() {
        if (Docs.class.getResource(CONTRACTS + "openapi.yaml") == null) {
            return Optional.empty();
        }
        Properties webjar = new Properties();
        try (InputStream properties = Docs.class.getResourceAsStream(WEBJAR_PROPERTIES)) {
            webjar.load(properties);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The version of Swagger UI can't be read", unreadable);
        }
        String swagger = WEBJAR + webjar.getProperty("version") + "/";
        return Optional.of(new Docs(Map.of(
                "", new Asset(HTML, OWN + "index.html"),
                "start.js", new Asset(SCRIPT, OWN + "start.js"),
                "nav.css", new Asset(CSS, OWN + "nav.css"),
                "live", new Asset(HTML, OWN + "live.html"),
                "live.js", new Asset(SCRIPT, OWN + "live.js"),
                "live.css", new Asset(CSS, OWN + "live.css"),
                "swagger-ui.css", new Asset(CSS, swagger + "swagger-ui.css"),
                "swagger-ui-bundle.js", new Asset(SCRIPT, swagger + "swagger-ui-bundle.js"),
                "favicon-32x32.png", new Asset("image/png", swagger + "favicon-32x32.png"))));
    }

    private static byte[] json(String contract) {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(new String(bytes(CONTRACTS + contract), StandardCharsets.UTF_8));
        return Json.mapper().writeValueAsBytes(document);
    }

    private static byte[] bytes(String resource) {
        try (InputStream stream = Docs.class.getResourceAsStream(resource)) {
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource + " can't be read", unreadable);
        }
    }

    void routes(Routes routes) {
        routes.anonymous(Method.GET, "/openapi.json", (request, response) -> contract(response, "openapi.yaml"))
                .anonymous(Method.GET, "/asyncapi.json", (request, response) -> contract(response, "asyncapi.yaml"))
                .anonymous(Method.GET, "/docs", (request, response) -> asset(response, ""))
                .anonymous(Method.GET, "/docs/", (request, response) -> asset(response, ""))
                .anonymous(
                        Method.GET,
                        "/docs/{file}",
                        (request, response) ->
                                asset(response, request.path().pathParameters().get("file")));
    }

    private void contract(ServerResponse response, String name) {
        answer(response, JSON, contracts.computeIfAbsent(name, Docs::json));
    }

    private void asset(ServerResponse response, String file) {
        Asset asset = assets.get(file);
        if (asset == null) {
            throw Problem.notFound("page").refuse();
        }
        answer(response, asset.type(), bytes(asset.resource()));
    }

    private static void answer(ServerResponse response, String type, byte[] body) {
        response.status(Status.OK_200)
                .header(HeaderValues.create(HeaderNames.CONTENT_TYPE, type))
                .header(CSP)
                .header(NO_SNIFF)
                .header(CACHE);
        response.send(body);
    }
}
