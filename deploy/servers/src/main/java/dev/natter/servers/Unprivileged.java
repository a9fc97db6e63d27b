package dev.natter.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root, as containers often do. There it runs in a user namespace of its own, which maps
 * nobody: the files stay root's and nothing else changes. Where namespaces are forbidden it runs as {@code nobody} and
 * its files become nobody's.
 *
 * @param prefix what to put before a command
 * @param chown whether the files must belong to nobody
 */
record Unprivileged(List<String> prefix, boolean chown) {
    private static final Path SHARED_CACHE = Path.of("/var/tmp/natter");

    static Unprivileged here() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Unprivileged(List.of(), false);
        }
        List<String> namespace = List.of("unshare", "-U");
        if (works(namespace)) {
            return new Unprivileged(namespace, false);
        }
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        if (works(nobody)) {
            return new Unprivileged(nobody, true);
        }
        throw new ServerFailure("PostgreSQL doesn't run as root, and neither unshare nor setpriv (package util-linux)"
                + " works here; run Natter as another user");
    }

    private static boolean works(List<String> prefix) {
        try {
            List<String> command = new ArrayList<>(prefix);
            command.add("true");
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A cache folder that the server's user can read. */
    Path cache() {
        return chown ? SHARED_CACHE : Cache.folder();
    }

    List<String> command(String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }

    /** Gives a folder and all in it to the server's user. */
    void own(Path folder) {
        if (!chown) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            UserPrincipal nobody =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            for (Path each : all.toList()) {
                Files.setOwner(each, nobody);
            }
        } catch (IOException failure) {
            throw new ServerFailure("Can't give " + folder + " to nobody: " + failure.getMessage(), failure);
        }
    }
}
