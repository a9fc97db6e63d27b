package dev.natter.k8s;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** What tests with an nginx of their own need. */
final class RealNginx {
    /** Where it may be installed. */
    static final String PATH = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin:/opt/homebrew/bin";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private RealNginx() {}

    /** A port that is free. */
    static int port() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Announces a body, sends none of it, and sees what it comes to, since it is judged by its length alone.
     *
     * @return the status; 0 if nginx has waited for the body
     */
    static int announce(int port, String path, long bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                    .formatted(path, bytes);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            // No further than the status: nginx may leave the connection open for what it hasn't read.
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return answer.isEmpty() ? 0 : Integer.parseInt(answer, 9, 12, 10);
        }
    }

    /** The body, which says who answers, or the status with which nobody does. */
    static String ask(int port, String path, String forwardedFor) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Forwarded-For", forwardedFor)
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : "" + answer.statusCode();
    }
}
