package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Opening a socket as a browser would that won't put its token into an address. */
@EachArrangement
@Tag("security")
class TicketTest {
    private final Path home;
    private final Person anna;
    private final Person boris;

    TicketTest(Arrangement arrangement) {
        this.home = Path.of("target", "natter", arrangement.name().toLowerCase(Locale.ROOT));
        this.anna = arrangement.world().person("anna");
        this.boris = arrangement.world().person("boris");
    }

    @Test
    void aTicketOpensOneSocketAndIsInNoLog() throws IOException {
        String ticket = ticket();
        try (Socket socket = Socket.open(uri(anna, ticket), Map.of())) {
            assertThat(socket.await("hello").get("user_id").asString()).isEqualTo(anna.id());
            assertThat(Socket.refused(uri(anna, ticket), Map.of())).isEqualTo(401);
        }
        String stolen = ticket();
        assertThat(Socket.refused(uri(boris, stolen), Map.of())).isEqualTo(403);
        assertThat(Socket.refused(uri(anna, stolen), Map.of())).isEqualTo(401);

        try (Stream<Path> files = Files.walk(home)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertThat(Files.readString(log)).as(log.toString()).doesNotContain(ticket, stolen);
            }
        }
    }

    private String ticket() {
        return anna.client()
                .post("/api/auth/ws-ticket", Map.of())
                .is(201)
                .json()
                .get("ticket")
                .asString();
    }

    private static URI uri(Person person, String ticket) {
        return URI.create(person.socketUri() + "?ticket=" + ticket);
    }
}
