package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HTTP as no library would write it. */
@EachArrangement
@Tag("security")
class WireTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    private static final String NEXT = "GET /openapi.json HTTP/1.1\r\nHost: natter\r\nConnection: close\r\n\r\n";

    private final World world;

    WireTest(Arrangement arrangement) {
        this.world = arrangement.world();
    }

    @Test
    void aRequestThatCanBeReadInTwoWaysIsRefusedAndNothingAfterItIsRead() throws IOException {
        String post = "POST /api/auth/login HTTP/1.1\r\nHost: natter\r\nContent-Type: application/json\r\n";
        for (String ambiguous : List.of(
                post + "Content-Length: 2\r\nContent-Length: 50\r\n\r\n{}",
                post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                post + "Content-Length: +2\r\n\r\n{}",
                post + "Content-Length: -2\r\n\r\n{}",
                post + "Content-Length: 2, 3\r\n\r\n{}",
                post + "Content-Length: 0x2\r\n\r\n{}",
                post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /api/auth/login HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")) {
            List<Integer> statuses = statuses(talk(ambiguous + NEXT));
            assertThat(statuses).as(ambiguous).hasSize(1);
            assertThat(statuses.getFirst()).as(ambiguous).isIn(400, 501);
        }
    }

    @Test
    void whatIsNoHttpIsRefused() throws IOException {
        for (String nonsense : List.of(
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: natter\r\n\r\n",
                "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: natter\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: natter\r\nX-Large: " + "x".repeat(100_000) + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: natter\r\nbad header\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: natter\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n")) {
            String answer = talk(nonsense);
            String shown = nonsense.substring(0, Math.min(40, nonsense.length()));
            assertThat(answer).as(shown).doesNotContain("Exception", "\tat ");
            assertThat(statuses(answer))
                    .as(shown + answer)
                    .allMatch(status -> status >= 400 && status < 500 || status == 505);
        }
        assertThat(statuses(talk(NEXT))).containsExactly(200);
    }

    private static List<Integer> statuses(String answer) {
        return STATUS.matcher(answer)
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .toList();
    }

    /** Everything that the server says until it hangs up, or falls silent. */
    private String talk(String request) throws IOException {
        try (Socket socket = new Socket(world.base().getHost(), world.base().getPort())) {
            socket.setSoTimeout(3000);
            var heard = new java.io.ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                socket.getInputStream().transferTo(heard);
            } catch (SocketTimeoutException silent) {
                heard.writeBytes(new byte[0]);
            } catch (java.net.SocketException cut) {
                return heard.toString(StandardCharsets.ISO_8859_1);
            }
            return heard.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
