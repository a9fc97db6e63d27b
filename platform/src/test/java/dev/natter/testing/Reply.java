package dev.natter.testing;

import dev.natter.platform.http.Json;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * What a server answered.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body
 */
public record Reply(int status, HttpHeaders headers, byte[] body) {
    /**
     * The body as JSON.
     *
     * @return its root
     */
    public JsonNode json() {
        return Json.mapper().readTree(body);
    }

    /**
     * The body as text.
     *
     * @return the text
     */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The body as a record.
     *
     * @param type its type
     * @return the value
     */
    public <T> T as(Class<T> type) {
        return Json.parse(body, type);
    }

    /**
     * A header.
     *
     * @param name its name
     * @return its first value, or null
     */
    public String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    @Override
    public String toString() {
        return status + " " + text();
    }
}
