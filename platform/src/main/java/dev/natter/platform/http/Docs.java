package dev.natter.platform.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The contract as JSON, and a page to read and try it; everything comes from the class path. */
final class Docs {
    private static final String CONTRACT = "/dev/natter/contracts/openapi.yaml";
    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
    private static final String WEBJAR_PROPERTIES = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final Header CSP = HeaderValues.createCached(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'");
    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final Map<String, String> TYPES = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <title>Natter API</title>
              <link rel="stylesheet" href="/docs/swagger-ui.css">
              <link rel="icon" href="/docs/favicon-32x32.png">
            </head>
            <body>
              <div id="page"></div>
              <script src="/docs/swagger-ui-bundle.js"></script>
              <script src="/docs/start.js"></script>
            </body>
            </html>
            """;
    private static final String START = """
            SwaggerUIBundle({url: '/openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null});
            """;

    private final byte[] contract;
    private final String folder;

    private Docs(byte[] contract, String folder) {
        this.contract = contract;
        this.folder = folder;
    }

    /** The docs, or empty if the contract isn't on the class path. */
    static Optional<Docs> load() {
        try (InputStream yaml = Docs.class.getResourceAsStream(CONTRACT)) {
            if (yaml == null) {
                return Optional.empty();
            }
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            Properties webjar = new Properties();
            try (InputStream properties = Docs.class.getResourceAsStream(WEBJAR_PROPERTIES)) {
                webjar.load(properties);
            }
            return Optional.of(
                    new Docs(Json.mapper().writeValueAsBytes(document), WEBJAR + webjar.getProperty("version") + "/"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The contract can't be read", unreadable);
        }
    }

    void routes(Routes routes) {
        routes.anonymous(
                        Method.GET,
                        "/openapi.json",
                        (request, response) -> answer(response, "application/json", contract))
                .anonymous(Method.GET, "/docs", this::page)
                .anonymous(Method.GET, "/docs/", this::page)
                .anonymous(
                        Method.GET,
                        "/docs/start.js",
                        (request, response) -> answer(
                                response, "text/javascript; charset=utf-8", START.getBytes(StandardCharsets.UTF_8)))
                .anonymous(
                        Method.GET,
                        "/docs/{file}",
                        (request, response) ->
                                asset(response, request.path().pathParameters().get("file")));
    }

    private void page(ServerRequest request, ServerResponse response) {
        answer(response, "text/html; charset=utf-8", PAGE.getBytes(StandardCharsets.UTF_8));
    }

    private void asset(ServerResponse response, String file) throws IOException {
        String type = TYPES.get(file);
        if (type == null) {
            throw Problem.notFound("page").refuse();
        }
        try (InputStream asset = Docs.class.getResourceAsStream(folder + file)) {
            answer(response, type, asset.readAllBytes());
        }
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
