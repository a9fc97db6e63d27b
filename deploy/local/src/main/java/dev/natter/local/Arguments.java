package dev.natter.local;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What {@code ./natter up} was told, by arguments first and by the environment else.
 *
 * @param options how to start
 * @param verbose whether the services' whole log goes to the console
 */
record Arguments(Options options, boolean verbose) {
    private static final int PORT = 8000;

    /** Thrown for arguments that make no sense; the message says which. */
    static final class Misunderstood extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Misunderstood(String message) {
            super(message);
        }
    }

    static Arguments parse(List<String> arguments, Map<String, String> environment, Path root) {
        String port = environment.getOrDefault("NATTER_PORT", "" + PORT);
        String host = environment.getOrDefault("NATTER_HOST", "127.0.0.1");
        String home =
                environment.getOrDefault("NATTER_HOME", root.resolve("data").toString());
        boolean separate = false;
        boolean verbose = false;
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            String name = argument.replaceFirst("=.*", "");
            switch (name) {
                case "--separate" -> separate = true;
                case "--verbose" -> verbose = true;
                case "--port" -> port = value(argument, rest);
                case "--host" -> host = value(argument, rest);
                case "--home" -> home = value(argument, rest);
                default -> throw new Misunderstood("\"" + argument + "\" is not an option of up; see ./natter help");
            }
        }
        int number = port(port);
        // Whoever lets the system choose the one port wants none fixed.
        String internal = environment.getOrDefault("NATTER_INTERNAL_PORT", number == 0 ? "0" : "" + (PORT + 1));
        return new Arguments(new Options(Path.of(home), host, number, port(internal), separate, Map.of()), verbose);
    }

    private static String value(String argument, Iterator<String> rest) {
        int equals = argument.indexOf('=');
        if (equals >= 0) {
            return argument.substring(equals + 1);
        }
        if (!rest.hasNext()) {
            throw new Misunderstood(argument + " needs a value; see ./natter help");
        }
        return rest.next();
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw new Misunderstood("\"" + text + "\" is not a port");
        }
        throw new Misunderstood("\"" + text + "\" is not a port");
    }
}
