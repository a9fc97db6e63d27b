package dev.natter.servers;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Finds {@code nats-server}: what {@code NATTER_NATS_SERVER} names, else one on the PATH, else one in the cache folder,
 * else fetches it there, from the official release or from the distribution's packages.
 */
final class NatsBinary {
    private static final Logger LOG = System.getLogger(NatsBinary.class.getName());
    private static final String VERSION = "2.11.17";
    private static final String RELEASES = "https://github.com/nats-io/nats-server/releases/download/v";

    /** SHA-256 of the release's archives for Linux, by processor. */
    private static final Map<String, String> CHECKSUMS = Map.of(
            "amd64", "ad608dd0ea8bbfa58c40e3b8f58ed67478eec26166ec49c502db8d17589b51b5",
            "arm64", "d21df24f262f34f8bf6d1f0bca557c08429e433fd9f60f6983105539ae517feb");

    private NatsBinary() {}

    static Path find() {
        String named = System.getenv("NATTER_NATS_SERVER");
        if (named != null && !named.isBlank()) {
            Path binary = Path.of(named).toAbsolutePath();
            if (!Files.isExecutable(binary)) {
                throw new ServerFailure("NATTER_NATS_SERVER names " + binary + ", which is not an executable file");
            }
            return binary;
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(path.split(File.pathSeparator)).filter(folder -> !folder.isBlank()),
                        Stream.of("/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"))
                .map(folder -> Path.of(folder, "nats-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> cached(Cache.folder()));
    }

    static Path cached(Path cache) {
        Path binary = cache.resolve("nats-server");
        if (Files.isExecutable(binary)) {
            return binary;
        }
        try {
            Files.createDirectories(cache);
            fetch(cache, binary);
            return binary;
        } catch (IOException failure) {
            throw new ServerFailure("nats-server can't be kept in " + cache + ": " + failure.getMessage(), failure);
        }
    }

    private static void fetch(Path cache, Path binary) throws IOException {
        Path work = Files.createTempDirectory(cache, "fetching-");
        try {
            download(work, binary);
        } catch (IOException | ServerFailure unreachable) {
            LOG.log(Level.INFO, "No official nats-server ({0}); trying apt-get", unreachable.toString());
            fromPackages(work, binary, unreachable);
        } finally {
            Processes.run(List.of("rm", "-rf", work.toString()));
        }
    }

    private static void download(Path work, Path binary) throws IOException {
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch");
        String checksum = CHECKSUMS.get(processor);
        if (checksum == null || !System.getProperty("os.name").equals("Linux")) {
            throw new IOException("no release is known for this system");
        }
        String name = "nats-server-v" + VERSION + "-linux-" + processor;
        LOG.log(Level.INFO, "Fetching {0}", name);
        Path archive = work.resolve("nats.tar.gz");
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            var request = HttpRequest.newBuilder(URI.create(RELEASES + VERSION + "/" + name + ".tar.gz"))
                    .timeout(Duration.ofSeconds(60));
            int status =
                    client.send(request.build(), BodyHandlers.ofFile(archive)).statusCode();
            if (status != 200) {
                throw new IOException("HTTP status " + status);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        String actual = sha256(archive);
        if (!actual.equals(checksum)) {
            throw new IOException("its SHA-256 is " + actual + ", not " + checksum);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive));
                var tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals(name + "/nats-server")) {
                    Path fresh = work.resolve("nats-server");
                    Files.copy(tar, fresh);
                    place(fresh, binary);
                    return;
                }
            }
        }
        throw new IOException("the archive holds no nats-server");
    }

    private static void fromPackages(Path work, Path binary, Exception before) throws IOException {
        String script = "set -e; cd '" + work + "'; "
                + "apt-get download nats-server || { apt-get update && apt-get download nats-server; }; "
                + "dpkg-deb -x nats-server_*.deb .";
        try {
            Processes.run(List.of("/bin/sh", "-c", script));
        } catch (ServerFailure failure) {
            failure.addSuppressed(before);
            throw new ServerFailure(
                    "Natter needs nats-server 2.9.10 or newer and could neither find nor fetch it. Install it (Debian:"
                            + " apt-get install nats-server; macOS: brew install nats-server; others:"
                            + " https://nats.io/download), or set NATTER_NATS_SERVER to the program, or NATS_URL to a"
                            + " running server.",
                    failure);
        }
        place(work.resolve("usr/sbin/nats-server"), binary);
    }

    private static void place(Path fresh, Path binary) throws IOException {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(fresh, binary, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no SHA-256", impossible);
        }
    }
}
