package dev.natter.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code ./natter bench} was asked for.
 *
 * @param scenarios their names; all, if there are none
 * @param runs how often each is run
 * @param length of one measurement
 * @param size how many messages at most, where it matters how many there are
 * @param folder where figures, charts and data go
 * @param url an installation that runs already; null to start one
 */
record Order(List<String> scenarios, int runs, Duration length, int size, Path folder, URI url) {
    /** Thrown for arguments that make no sense; the message says which. */
    static final class Misunderstood extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Misunderstood(String message) {
            super(message);
        }
    }

    static Order parse(List<String> arguments, Path root) {
        List<String> scenarios = new ArrayList<>();
        int runs = 3;
        int seconds = 15;
        int size = 1_000_000;
        Path folder = root.resolve("bench/target/bench");
        URI url = null;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument.replaceFirst("=.*", "")) {
                case "--runs" -> runs = number(argument, rest);
                case "--seconds" -> seconds = number(argument, rest);
                case "--size" -> size = number(argument, rest);
                case "--folder" -> folder = Path.of(value(argument, rest));
                case "--url" -> url = URI.create(value(argument, rest));
                default -> {
                    if (argument.startsWith("-")) {
                        throw new Misunderstood("\"" + argument + "\" is not an option of bench; see ./natter help");
                    }
                    scenarios.add(argument);
                }
            }
        }
        return new Order(scenarios, runs, Duration.ofSeconds(seconds), size, folder.toAbsolutePath(), url);
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

    private static int number(String argument, Iterator<String> rest) {
        String value = value(argument, rest);
        if (!value.matches("[1-9]\\d{0,7}")) {
            throw new Misunderstood("\"" + value + "\" is not a number from 1 to 99999999");
        }
        return Integer.parseInt(value);
    }
}
