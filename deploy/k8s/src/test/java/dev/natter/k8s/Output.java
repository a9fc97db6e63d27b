package dev.natter.k8s;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What is made of other files: of the route table a file for each kind of gateway, and of the alerts an object. */
enum Output {
    /** Locations of nginx, to be included into a server. */
    NGINX("nginx/routes.conf") {
        @Override
        String made() {
            return """
                    # Made of routes.yaml, which says how.

                    %s
                    location / { return 404; }
                    """.formatted(lines(Tree.routes(), Output::location));
        }
    },
    /** An Ingress for controllers that know regular expressions. */
    INGRESS("k8s/ingress-regex/ingress.yaml") {
        @Override
        String made() {
            return """
                    # Made of routes.yaml, which says how. For ingress-nginx and NGINX Ingress Controller, which put a ^ before each path.
                    # The class, the host and the certificate are the installation's.
                    apiVersion: networking.k8s.io/v1
                    kind: Ingress
                    metadata:
                      name: natter
                      annotations:
                        nginx.ingress.kubernetes.io/use-regex: "true"
                        nginx.ingress.kubernetes.io/proxy-body-size: "%1$d"
                        nginx.ingress.kubernetes.io/proxy-read-timeout: "120"
                        nginx.ingress.kubernetes.io/proxy-send-timeout: "120"
                        nginx.org/path-regex: case_sensitive
                        nginx.org/client-max-body-size: "%1$d"
                        nginx.org/proxy-read-timeout: 120s
                        nginx.org/proxy-send-timeout: 120s
                        nginx.org/websocket-services: realtime-gateway
                    spec:
                      ingressClassName: nginx
                      tls:
                        - {hosts: [natter.example], secretName: natter-tls}
                      rules:
                        - host: natter.example
                          http:
                            paths:
                    %2$s""".formatted(Code.largestBody(), lines(Tree.routes(), Output::ingressPath));
        }
    },
    /** Rules of the Gateway API, one a service. */
    GATEWAY_API("k8s/gateway-api/routes.yaml") {
        @Override
        String made() {
            Map<String, List<Route>> services =
                    Tree.routes().stream().collect(groupingBy(Route::service, LinkedHashMap::new, toList()));
            return """
                    # Made of routes.yaml, which says how. For implementations that know regular expressions in paths.
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata:
                      name: natter
                    spec:
                      parentRefs:
                        - name: natter
                      hostnames: [natter.example]
                      rules:
                    %s""".formatted(services.entrySet().stream()
                    .map(service -> rule(service.getKey(), service.getValue()))
                    .collect(joining()));
        }
    },
    /** The alerts as the Prometheus Operator takes them. */
    ALERTS("k8s/prometheus/alerts.yaml") {
        @Override
        String made() {
            String indented = Tree.text("prometheus/rules.yml").indent(2).replaceAll("(?m)^ +$", "");
            return """
                    # Made of ../../prometheus/rules.yml, as routes.yaml says.
                    apiVersion: monitoring.coreos.com/v1
                    kind: PrometheusRule
                    metadata:
                      name: natter
                      labels: {app.kubernetes.io/part-of: natter}
                    spec:
                    %s""".formatted(indented);
        }
    };

    private final String file;

    Output(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /** What belongs into the file. */
    abstract String made();

    private static String lines(List<Route> routes, Function<Route, String> line) {
        return routes.stream().map(line).collect(joining());
    }

    private static String location(Route route) {
        String besides = (Code.named(route.service()).takesUploads() ? "include uploads.conf; " : "")
                + route.nginx().map(name -> "include " + name + ".conf; ").orElse("");
        return "location %s { %sproxy_pass http://%s; }\n"
                .formatted(
                        route.literal() ? "= " + route.path() : "~ ^" + route.regex() + "$",
                        besides,
                        upstream(route.service()));
    }

    /** As in {@code chat}. */
    static String upstream(String service) {
        return service.replaceFirst("-(service|gateway)$", "");
    }

    private static String ingressPath(Route route) {
        return """
                - path: %s$
                  pathType: ImplementationSpecific
                  backend: {service: {name: %s, port: {name: http}}}
                """.formatted(route.regex(), route.service()).indent(10);
    }

    private static String rule(String service, List<Route> routes) {
        return """
                - backendRefs:
                    - {name: %s, port: 8080}
                  # What a client claims about itself, and about traces, is not passed on.
                  filters:
                    - type: RequestHeaderModifier
                      requestHeaderModifier: {remove: [X-Forwarded-Host, Forwarded, Traceparent, Tracestate, Natter-Service]}
                  matches:
                %s""".formatted(service, lines(routes, Output::match)).indent(4);
    }

    private static String match(Route route) {
        return route.literal()
                ? "    - path: {type: Exact, value: %s}\n".formatted(route.path())
                : "    - path: {type: RegularExpression, value: \"^%s$\"}\n".formatted(route.regex());
    }
}
