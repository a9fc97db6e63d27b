package dev.natter.tests;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** One operation of the contract. */
record Operation(String method, String path, String pointer, JsonNode spec, Pattern pattern) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

    Operation(String method, String path, JsonNode spec) {
        this(
                method,
                path,
                "/paths/" + path.replace("/", "~1") + "/" + method.toLowerCase(java.util.Locale.ROOT),
                spec,
                Pattern.compile(path.replaceAll("\\{[a-z_]+}", "[^/]+").replace(".", "\\.")));
    }

    boolean matches(String asked, String path) {
        return asked.equals(method) && pattern.matcher(path).matches();
    }

    /** Whether it needs an access token. */
    boolean secured() {
        return !spec.has("security");
    }

    /** Whether its body is JSON. */
    boolean takesJson() {
        return spec.at("/requestBody/content/application~1json").isObject();
    }

    boolean takesBody() {
        return spec.has("requestBody");
    }

    /** The contract's own example of a JSON body. */
    JsonNode example() {
        JsonNode content = spec.at("/requestBody/content/application~1json");
        return content.has("example")
                ? content.get("example")
                : content.get("examples").iterator().next().get("value");
    }

    /** The names of the path's parameters. */
    List<String> parameters() {
        return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
    }

    /** The path with its parameters filled in; those without a value become a harmless id. */
    String path(Map<String, String> values) {
        return PARAMETER
                .matcher(path)
                .replaceAll(name ->
                        Optional.ofNullable(values.get(name.group(1))).orElse("00000000-0000-7000-8000-000000000000"));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
