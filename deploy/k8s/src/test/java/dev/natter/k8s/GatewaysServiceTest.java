package dev.natter.k8s;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.servers.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * The routes of everything that is an nginx in the end, in a real nginx in front of five services that say who they
 * are.
 */
class GatewaysServiceTest {
    @TempDir
    Path folder;

    /** How a gateway makes locations of its file. */
    enum Gateway {
        /** Ours: they are there. */
        NGINX(() -> Tree.text(Output.NGINX.file())),
        /** ingress-nginx: the longest path first, upper and lower case the same. */
        INGRESS_NGINX(() ->
                locations("~*", comparing(path -> -path.get("path").asString().length()))),
        /** NGINX Ingress Controller: in the Ingress's order. */
        NGINX_INGRESS_CONTROLLER(() -> locations("~", comparing(path -> 0)));

        private final Supplier<String> locations;

        Gateway(Supplier<String> locations) {
            this.locations = locations;
        }

        private static String locations(String modifier, Comparator<JsonNode> order) {
            JsonNode ingress = Tree.documents(Tree.text(Output.INGRESS.file())).getFirst();
            return ingress.at("/spec/rules/0/http/paths")
                    .valueStream()
                    .sorted(order)
                    .map(path -> "location %s \"^%s\" { proxy_pass http://%s; }\n"
                            .formatted(
                                    modifier,
                                    path.get("path").asString(),
                                    Output.upstream(
                                            path.at("/backend/service/name").asString())))
                    .collect(joining("", "", "location / { return 404; }\n"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachPathOfTheContractReachesTheServiceThatAnswersIt(Gateway gateway) throws Exception {
        Map<String, String> owners = Code.owners(folder);
        int port = RealNginx.port();

        try (Child nginx = nginx(port, gateway.locations.get())) {
            nginx.start(Duration.ofSeconds(20), 1);
            for (String path : Contract.paths()) {
                assertThat(RealNginx.ask(port, Contract.sample(path), "203.0.113.7"))
                        .as(path)
                        .isEqualTo(owners.getOrDefault(path, "auth-service"));
            }
            for (String path : List.of(
                    "/",
                    "/metrics",
                    "/health/ready",
                    "/internal/dataset",
                    "/api/chats/",
                    "/api/chats/c/members/m/x",
                    "/ws/",
                    "/media",
                    "/docs/../metrics",
                    "/x/api/chats/c/messages")) {
                assertThat(RealNginx.ask(port, path, "203.0.113.7")).as(path).isEqualTo("404");
            }
        }
    }

    private Child nginx(int port, String locations) throws IOException {
        Path gateway = Tree.DEPLOY.resolve("nginx");
        for (String name : List.of("signed.conf", "socket.conf")) {
            Files.copy(gateway.resolve(name), folder.resolve(name));
        }
        Files.createFile(folder.resolve("uploads.conf"));
        Files.writeString(folder.resolve("locations.conf"), locations);
        Files.writeString(folder.resolve("nginx.conf"), """
                pid nginx.pid;
                error_log error.log;
                events {}
                http {
                  access_log off;
                  %s
                  %s
                  server { listen 127.0.0.1:%d; include locations.conf; }
                }
                """.formatted(
                        each(
                                kind -> kind + "_temp_path tmp/" + kind + ";",
                                Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
                        each(this::service, Arrays.stream(Code.values()).map(Code::service)),
                        port));
        Files.createDirectories(folder.resolve("tmp"));
        return new Child(new Child.Recipe(
                "nginx",
                List.of(
                        "nginx",
                        "-p",
                        folder.toString(),
                        "-c",
                        folder.resolve("nginx.conf").toString(),
                        "-g",
                        "daemon off; master_process off;"),
                folder.resolve("nginx.log"),
                "TERM",
                Map.of("PATH", RealNginx.PATH),
                () -> RealNginx.answers(port)));
    }

    private static String each(Function<String, String> line, Stream<String> names) {
        return names.map(line).collect(joining("\n"));
    }

    private String service(String name) {
        String socket = "unix:" + folder.resolve(name);
        return "upstream %s { server %s; } server { listen %s; return 200 %s; }"
                .formatted(Output.upstream(name), socket, socket, name);
    }
}
