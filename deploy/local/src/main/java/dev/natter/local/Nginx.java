package dev.natter.local;

import dev.natter.servers.Child;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The API gateway, with the very configuration that {@code deploy/nginx} ships: its files are copied, and in its
 * templates the names are filled in, as the nginx image does for a deployment.
 */
final class Nginx {
    private static final String TEMPLATE = ".template";
    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Z_]+)}");

    private Nginx() {}

    /** Where it runs: a folder of its own, named among its arguments. */
    static Path folder(Path home) {
        return home.resolve("nginx");
    }

    /** The program, or a failure that says how to get it. */
    static Path program() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new StartFailure("--separate needs nginx and found none: install it"
                        + " (`apt install nginx-light`, `brew install nginx`)."));
    }

    static Child in(Path home, String host, int port, Map<Part, String> addresses, Map<Part, Long> bodies) {
        Path folder = folder(home);
        Map<String, String> names = new HashMap<>();
        names.put("LISTEN", (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        names.put("MAX_PAYLOAD", "" + bodies.get(Part.MEDIA));
        names.put("MAX_BODY", "" + largestWithoutUploads(bodies));
        addresses.forEach((part, address) -> names.put(part.name() + "_ADDRESS", address));
        try {
            Files.createDirectories(folder.resolve("tmp"));
            Logs.file(folder.resolve("access.log"));
            Logs.file(folder.resolve("error.log"));
            install(folder, names);
        } catch (IOException failure) {
            throw new StartFailure("Can't write nginx's configuration to " + folder + ": " + failure, failure);
        }
        return new Child(new Child.Recipe(
                "nginx",
                // One process, so that nothing of it can be left behind when it is killed.
                List.of(
                        program().toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        folder.resolve("nginx.conf").toString(),
                        "-g",
                        "daemon off; master_process off;"),
                Logs.file(home, "nginx"),
                "TERM",
                Map.of(),
                () -> answers(host, port)));
    }

    private static long largestWithoutUploads(Map<Part, Long> bodies) {
        return bodies.entrySet().stream()
                .filter(each -> each.getKey() != Part.MEDIA)
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElseThrow();
    }

    private static void install(Path folder, Map<String, String> names) throws IOException {
        try (Stream<Path> shipped = Files.list(Repository.root().resolve("deploy/nginx"))) {
            for (Path file : shipped.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(TEMPLATE)) {
                    Path target = folder.resolve(name.substring(0, name.length() - TEMPLATE.length()));
                    Files.writeString(target, filled(Files.readString(file), names));
                } else if (name.endsWith(".conf")) {
                    Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static String filled(String template, Map<String, String> names) {
        return NAME.matcher(template).replaceAll(found -> Matcher.quoteReplacement(names.get(found.group(1))));
    }

    private static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
