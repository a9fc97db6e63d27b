package dev.natter.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsServerTest {
    @TempDir
    Path folder;

    @Test
    void stopsAndStartsOnItsPort() {
        try (NatsServer server = NatsServer.durable(folder, 0)) {
            server.stop();
            assertThat(server.alive()).isFalse();
            server.start();
            server.crash();
            server.start();
            assertThat(server.alive()).isTrue();
            assertThat(folder.resolve("jetstream")).isDirectory();
            assertThat(folder.resolve("nats.log")).isNotEmptyFile();
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefused() {
        try (NatsServer first = NatsServer.durable(folder, 0)) {
            assertThatThrownBy(() -> NatsServer.durable(folder, 0)).hasMessageContaining("already running NATS");
            assertThat(first.alive()).isTrue();
        }
    }

    @Test
    void anOrphanIsStoppedBeforeTheStart() throws Exception {
        Process orphan;
        try (NatsServer server = NatsServer.durable(folder, 0)) {
            server.stop();
            orphan = new ProcessBuilder(
                            NatsBinary.find().toString(),
                            "-c",
                            folder.resolve("nats.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("orphan.log").toFile())
                    .start();
            await().until(() -> Files.exists(folder.resolve("nats.pid")));
        }

        try (NatsServer server = NatsServer.durable(folder, 0)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(server.alive()).isTrue();
        }
    }

    @Test
    void aKeptServerComesBackWhenItDies() {
        try (NatsServer server = NatsServer.durable(folder, 0)) {
            server.keep();
            long before = server.pid();

            server.crash();

            await().atMost(Duration.ofSeconds(20)).until(() -> server.alive() && server.pid() != before);
        }
    }

    @Test
    void aTemporaryServerLeavesNothingBehind() {
        NatsServer server = NatsServer.temporary();
        Path store = server.store();
        server.close();
        assertThat(store.getParent()).doesNotExist();
    }
}
