package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What the server said. */
record Answer(String request, int status, HttpHeaders headers, byte[] body) {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>;\\s*rel=\"([a-z]+)\"");

    /** Demands a status. */
    Answer is(int expected) {
        assertThat(status).as(this::toString).isEqualTo(expected);
        return this;
    }

    /** Demands a problem with this code. */
    Answer is(int expected, String code) {
        is(expected);
        assertThat(json().path("code").asString("")).as(this::toString).isEqualTo(code);
        return this;
    }

    JsonNode json() {
        return Contract.JSON.readTree(body);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    String id() {
        return json().get("id").asString();
    }

    List<JsonNode> list() {
        assertThat(json().isArray()).as(this::toString).isTrue();
        return StreamSupport.stream(json().spliterator(), false).toList();
    }

    List<String> list(String field) {
        return list().stream().map(item -> item.get(field).asString()).toList();
    }

    String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    /** Path and query that the Link header gives for a relation, or null. */
    String link(String rel) {
        for (String value : headers.allValues("Link")) {
            Matcher link = LINK.matcher(value);
            while (link.find()) {
                if (link.group(2).equals(rel)) {
                    URI target = URI.create(link.group(1));
                    return target.getRawPath() + "?" + target.getRawQuery();
                }
            }
        }
        return null;
    }

    @Override
    public String toString() {
        String shown = text();
        return request + " -> " + status + " " + (shown.length() > 600 ? shown.substring(0, 600) + "…" : shown);
    }
}
