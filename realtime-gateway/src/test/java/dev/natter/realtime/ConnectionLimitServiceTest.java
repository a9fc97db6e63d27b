package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and that sockets are among them although HTTP is long done with theirs. */
class ConnectionLimitServiceTest {
    private static final String LIMITS = "GET /api/limits HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void socketsTakeUpPlacesForAsLongAsTheyAreOpen() {
        try (Stage stage = Stage.open("server.max.connections", "2");
                RawSocket first = open(stage)) {
            try (RawSocket second = open(stage);
                    RawSocket third = RawSocket.connect(stage.port(), 0)) {
                assertThat(first.read(RawSocket.TEXT)).isNotNull();
                assertThat(second.read(RawSocket.TEXT)).isNotNull();
                assertThat(third.read()).as("closed at once").isNull();
            }
            await().until(() -> isLetIn(stage));
        }
    }

    private static boolean isLetIn(Stage stage) {
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            return raw.ask(LIMITS).startsWith("HTTP/1.1 200 ");
        } catch (UncheckedIOException closed) {
            return false;
        }
    }

    private static RawSocket open(Stage stage) {
        UUID userId = UUID.randomUUID();
        return RawSocket.open(stage.port(), userId, stage.ground().token(userId));
    }
}
