package dev.natter.realtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.http.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whether sockets behave as the standard says, in all of {@link WebSocketCases}. */
class WebSocketCasesServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();

    @BeforeAll
    static void begin() {
        stage = Stage.open("socket.frames.burst", "3000", "socket.frames.per.second", "3000");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    static Stream<WebSocketCases.Case> cases() {
        return WebSocketCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAsTheStandardSays(WebSocketCases.Case tried) {
        try (RawSocket raw = stage.raw(ann)) {
            byte[] all = MaskedFrame.joined(tried.sent().toArray(byte[][]::new));
            int piece = tried.piece() == 0 ? all.length : tried.piece();
            for (int at = 0; at < all.length; at += piece) {
                raw.send(Arrays.copyOfRange(all, at, Math.min(all.length, at + piece)));
            }

            assertThat(received(raw)).isEqualTo(tried.received());
        }
    }

    private static List<String> received(RawSocket raw) {
        var received = new ArrayList<String>();
        for (RawSocket.Raw frame = raw.read(); frame != null; frame = raw.read()) {
            switch (frame.opcode()) {
                case RawSocket.CLOSE -> {
                    received.add("close " + frame.closeCode());
                    return received;
                }
                case RawSocket.PONG -> received.add("pong " + new String(frame.payload(), ISO_8859_1));
                default -> text(Json.mapper().readTree(frame.text()), received);
            }
        }
        return received;
    }

    private static void text(JsonNode frame, List<String> received) {
        switch (frame.path("type").stringValue()) {
            case "hello" -> {}
            case "pong" -> received.add("text " + frame.path("ref").stringValue());
            case "error" -> received.add("error " + frame.path("code").stringValue());
            default -> received.add(frame.toString());
        }
    }
}
