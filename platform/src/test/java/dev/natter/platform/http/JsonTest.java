package dev.natter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    enum Colour {
        red
    }

    record Order(String name, Integer count, UUID userId, List<String> tags, Colour colour, boolean open) {
        Order {
            new Violations().text("name", name, 1, 5).orRefuse();
        }
    }

    private static Problem refusalOf(byte[] json) {
        return catchThrowableOfType(Refused.class, () -> Json.fromClient(json, Order.class))
                .problem();
    }

    private static Problem refusalOf(String json) {
        return refusalOf(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void namesAreSnakeCaseInTheOrderOfTheRecordAndNullsAreWritten() {
        byte[] json = Json.bytes(new Order("a", null, null, List.of(), Colour.red, false));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"name\":\"a\",\"count\":null,\"user_id\":null,\"tags\":[],\"colour\":\"red\",\"open\":false}");
    }

    @Test
    void timesHaveMilliseconds() {
        assertThat(Json.bytes(Instant.parse("2026-01-02T03:04:05Z")))
                .asString()
                .isEqualTo("\"2026-01-02T03:04:05.000Z\"");
        assertThat(Json.bytes(Instant.parse("2026-01-02T03:04:05.123456Z")))
                .asString()
                .isEqualTo("\"2026-01-02T03:04:05.123Z\"");
    }

    @Test
    void unknownFieldsAreIgnored() {
        var order = Json.fromClient(
                "{\"name\":\"a\",\"is_admin\":true,\"open\":true}".getBytes(StandardCharsets.UTF_8), Order.class);

        assertThat(order.name()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nul",
                "null",
                "[]",
                "3",
                "\"text\"",
                "{\"name\":\"a\"} x",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{'name':1}",
                "{\"name\":\"\\u00\"}",
                "\uFEFF{}"
            })
    void whatIsNotAJsonObjectIsMalformed(String json) {
        assertThat(refusalOf(json).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":1}",
                "{\"name\":true}",
                "{\"name\":{}}",
                "{\"name\":[\"a\"]}",
                "{\"name\":\"a\",\"count\":\"1\"}",
                "{\"name\":\"a\",\"count\":1.5}",
                "{\"name\":\"a\",\"count\":99999999999}",
                "{\"name\":\"a\",\"user_id\":\"x\"}",
                "{\"name\":\"a\",\"user_id\":7}",
                "{\"name\":\"a\",\"tags\":\"x\"}",
                "{\"name\":\"a\",\"tags\":[1]}",
                "{\"name\":\"a\",\"colour\":\"blue\"}",
                "{\"name\":\"a\",\"colour\":0}",
                "{\"name\":\"a\",\"open\":1}",
                "{\"name\":\"a\",\"open\":null}"
            })
    void aFieldOfTheWrongKindIsNamed(String json) {
        Problem problem = refusalOf(json);

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).hasSize(1);
        assertThat(problem.errors().getFirst().field())
                .isIn("name", "count", "user_id", "tags", "tags.0", "colour", "open");
    }

    @Test
    void aRecordRefusesWhatBreaksItsRules() {
        assertThat(refusalOf("{\"open\":true}").errors().getFirst().code()).isEqualTo("required");
        assertThat(refusalOf("{\"name\":\"\",\"open\":true}")
                        .errors()
                        .getFirst()
                        .code())
                .isEqualTo("too_short");
        assertThat(refusalOf("{\"name\":\"123456\",\"open\":true}")
                        .errors()
                        .getFirst()
                        .code())
                .isEqualTo("too_long");
        assertThat(refusalOf("{\"name\":\"\\ud800\",\"open\":true}")
                        .errors()
                        .getFirst()
                        .code())
                .isEqualTo("not_text");
        assertThat(refusalOf("{\"name\":\"\\u0000\",\"open\":true}")
                        .errors()
                        .getFirst()
                        .code())
                .isEqualTo("not_text");
    }

    @Test
    void aCodePointCountsOnceHoweverItIsEncoded() {
        String name = "😀".repeat(5);

        var order = Json.fromClient(
                ("{\"name\":\"" + name + "\",\"open\":true}").getBytes(StandardCharsets.UTF_8), Order.class);

        assertThat(order.name()).isEqualTo(name);
    }

    @Test
    void depthSizeAndEncodingAreBounded() {
        assertThat(refusalOf("[".repeat(60_000)).status()).isEqualTo(400);
        assertThat(refusalOf("{\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}")
                        .status())
                .isEqualTo(400);
        assertThat(refusalOf("{\"x\":\"" + "y".repeat(Json.MAX_BYTES) + "\"}").status())
                .isEqualTo(413);
        assertThat(refusalOf("{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_16LE))
                        .status())
                .isEqualTo(400);
        assertThat(refusalOf(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'})
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anOverlongFormIsNoUtf8() {
        byte[] json = "{\"name\":\"??\",\"open\":true}".getBytes(StandardCharsets.UTF_8);
        json[9] = (byte) 0xC0;
        json[10] = (byte) 0xAF;

        assertThat(refusalOf(json).code()).isEqualTo("malformed");
    }
}
