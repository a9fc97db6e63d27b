package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.servers.Child;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real nginx whose patience with silent services is a second, in front of one that answers nothing but upgrades. */
class IdleSocketServiceTest {
    @TempDir
    Path home;

    @Test
    void aWebSocketMayBeSilentForLongerThanAnAnswerMay() throws Exception {
        try (ServerSocket service = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(service));
            int port = Ports.internal(0);
            try (Child nginx = nginx(port, "127.0.0.1:" + service.getLocalPort());
                    HttpClient http = HttpClient.newHttpClient()) {
                nginx.start(Duration.ofSeconds(20), 1);
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    send(socket, """
                            GET /ws/u HTTP/1.1\r
                            Host: here\r
                            Connection: Upgrade\r
                            Upgrade: websocket\r
                            \r
                            """);
                    assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");

                    URI silent = URI.create("http://127.0.0.1:" + port + "/api/chats");
                    assertThat(http.send(HttpRequest.newBuilder(silent).build(), BodyHandlers.discarding())
                                    .statusCode())
                            .as("nginx has lost its patience meanwhile")
                            .isEqualTo(503);

                    send(socket, "still here");
                    assertThat(socket.getInputStream().readNBytes(10))
                            .asString()
                            .isEqualTo("still here");
                }
            }
        }
    }

    private Child nginx(int port, String service) throws IOException {
        Map<Part, String> addresses = new EnumMap<>(Part.class);
        Map<Part, Long> bodies = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            addresses.put(part, service);
            bodies.put(part, 1000L);
        }
        Child nginx = Nginx.in(home, "127.0.0.1", port, addresses, bodies);
        Path gateway = Nginx.folder(home).resolve("gateway.conf");
        String impatient = Files.readString(gateway)
                .replace("proxy_read_timeout 60s;", "proxy_read_timeout 1s;")
                .replace("proxy_send_timeout 60s;", "proxy_send_timeout 1s;");
        assertThat(impatient).contains("proxy_read_timeout 1s;").contains("proxy_send_timeout 1s;");
        Files.writeString(gateway, impatient);
        return nginx;
    }

    /** Takes connections until it is closed: to an upgrade it says yes and repeats what it hears, else nothing. */
    private static void serve(ServerSocket service) {
        while (!service.isClosed()) {
            try {
                Socket caller = service.accept();
                Thread.ofVirtual().start(() -> answer(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(Socket caller) {
        try (caller) {
            if (head(caller.getInputStream()).startsWith("GET /ws/")) {
                send(caller, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            }
            caller.getInputStream().transferTo(caller.getOutputStream());
        } catch (IOException gone) {
            // nginx has closed it, which is what the test is about.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("Ended after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
