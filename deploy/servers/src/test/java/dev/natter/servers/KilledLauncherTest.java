package dev.natter.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledLauncherTest {
    @TempDir
    Path folder;

    /** A JVM that runs both servers until its end. */
    static final class Launcher {
        private Launcher() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            PostgresServer postgres = PostgresServer.durable(folder.resolve("postgres"), 0);
            postgres.createDatabase("kept");
            NatsServer nats = NatsServer.durable(folder.resolve("nats"), 0);
            System.out.println(postgres.pid() + " " + nats.pid());
            int end = System.in.read();
            System.exit(end == 'x' ? 0 : 1);
        }
    }

    @Test
    void serversThatOutlivedAKilledLauncherAreStoppedByTheNext() throws Exception {
        Process launcher = launch();
        ProcessHandle[] orphans = servers(launcher);
        launcher.destroyForcibly().waitFor();
        assertThat(orphans).allMatch(ProcessHandle::isAlive);

        try (PostgresServer postgres = PostgresServer.durable(folder.resolve("postgres"), 0);
                NatsServer nats = NatsServer.durable(folder.resolve("nats"), 0)) {
            assertThat(orphans).noneMatch(ProcessHandle::isAlive);
            assertThat(postgres.alive() && nats.alive()).isTrue();
        }
    }

    @Test
    void serversDoNotOutliveALauncherThatEnds() throws Exception {
        Process launcher = launch();
        ProcessHandle[] servers = servers(launcher);
        launcher.getOutputStream().write('x');
        launcher.getOutputStream().flush();

        assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aRefusalInOneJvmDoesNotLoseTheFolderToAnother() throws Exception {
        try (NatsServer holder = NatsServer.durable(folder.resolve("nats"), 0)) {
            assertThatThrownBy(() -> NatsServer.durable(folder.resolve("nats"), 0))
                    .isInstanceOf(ServerFailure.class);
            NatsServer.temporary().close();

            Process other = launch();
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isNotZero();
            assertThat(holder.alive()).isTrue();
        }
    }

    private Process launch() throws Exception {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Launcher.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static ProcessHandle[] servers(Process launcher) throws Exception {
        var output = new BufferedReader(new InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8));
        String[] pids = output.readLine().split(" ");
        return new ProcessHandle[] {
            ProcessHandle.of(Long.parseLong(pids[0])).orElseThrow(),
            ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow()
        };
    }
}
