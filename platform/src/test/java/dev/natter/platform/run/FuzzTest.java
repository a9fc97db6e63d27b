package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.config.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FuzzTest {
    private static final int REQUESTS = 400;
    private static final int AT_ONCE = 16;
    private static final int PATIENCE_MILLIS = 150;
    private static final List<String> SEEDS = List.of(
            "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /hello/7 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}",
            "POST /bytes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            "OPTIONS /hello HTTP/1.1\r\nHost: x\r\nOrigin: http://a.b\r\nAccess-Control-Request-Method: PUT\r\n\r\n");

    @Test
    void noChangeOfARequestIsAFaultOfOurs() throws Exception {
        long seed = System.nanoTime();
        Config config = Hello.config(Map.of("server.trusted.proxies", "127.0.0.1"));
        try (Node node = Node.start(NodeConfig.from(config), List.of(new Hello(config)));
                var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            Random random = new Random(seed);
            List<Callable<String>> requests = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                String request = changed(random);
                requests.add(() -> request + "\n=> " + answer(node, request));
            }
            for (Future<String> answer : threads.invokeAll(requests)) {
                assertThat(answer.get()).as("seed %d", seed).containsPattern("(?s)\n=> ($|HTTP/1\\.1 [1-4])");
            }
        }
    }

    private static String answer(Node node, String request) {
        try (Raw raw = new Raw(node.port())) {
            return raw.send(request).patience(PATIENCE_MILLIS).all();
        }
    }

    private static String changed(Random random) {
        byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
