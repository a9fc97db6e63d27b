package dev.natter.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * A PostgreSQL data folder: made once, completely or not at all, its settings written anew at each start.
 *
 * @param home the server's folder
 * @param user as whom the server runs
 * @param binaries PostgreSQL's programs
 */
record PostgresData(Home home, Unprivileged user, Path binaries) {
    static final String USER = "natter";

    Path folder() {
        return home.path().resolve("data");
    }

    /** Makes the data folder if there is none, and writes the settings. */
    void prepare(int port, List<String> settings) {
        try {
            password();
            if (!Files.exists(folder().resolve("PG_VERSION"))) {
                initialise();
            }
            Files.writeString(folder().resolve("natter.conf"), configuration(port, settings));
            user.own(home.path());
        } catch (IOException failure) {
            throw new ServerFailure("PostgreSQL's data can't be made: " + failure.getMessage(), failure);
        }
    }

    /** The password of the one user, drawn when it is first asked for. */
    String password() {
        Path file = home.path().resolve("password");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[18];
                new SecureRandom().nextBytes(random);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, Base64.getUrlEncoder().encodeToString(random));
            }
            return Files.readString(file).trim();
        } catch (IOException failure) {
            throw new ServerFailure("Can't keep a password in " + file + ": " + failure.getMessage(), failure);
        }
    }

    private void initialise() throws IOException {
        Path fresh = home.path().resolve("data.new");
        Processes.run(List.of("rm", "-rf", fresh.toString()));
        Files.createDirectory(fresh);
        user.own(home.path());
        Processes.run(user.command(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + USER,
                "--pwfile=" + home.path().resolve("password"),
                "--auth=scram-sha-256",
                "--set=scram_iterations=1",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                home.temporary() ? "--no-sync" : "--sync-method=fsync"));
        Files.writeString(fresh.resolve("postgresql.conf"), "\ninclude 'natter.conf'\n", StandardOpenOption.APPEND);
        Files.move(fresh, folder(), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Every password here is drawn, 144 bits or more: nobody guesses it, however cheap a guess. Stretching it would
     * only cost each first connection of a JVM a tenth of a second.
     */
    private static String configuration(int port, List<String> settings) {
        return String.join("\n", settings) + "\n" + """
                listen_addresses='127.0.0.1'
                port=%d
                unix_socket_directories=''
                dynamic_shared_memory_type=mmap
                wal_level=minimal
                max_wal_senders=0
                scram_iterations=1
                log_timezone='UTC'
                timezone='UTC'
                log_line_prefix='%%m [%%p] %%d '
                """.formatted(port);
    }
}
