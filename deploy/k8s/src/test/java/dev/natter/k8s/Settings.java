package dev.natter.k8s;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What services can be told, and what Kubernetes tells all of them. */
final class Settings {
    private static final Pattern TOLD = Pattern.compile("`([a-z]+(?:\\.[a-z]+)+)`");
    private static final Pattern NEIGHBOUR = Pattern.compile("http://([a-z-]+):9090(/.*)?");

    private Settings() {}

    /** The keys of all services, and those that docs/operations.md has. */
    static Set<String> known() {
        Set<String> known = new TreeSet<>();
        TOLD.matcher(Tree.text("../docs/operations.md")).results().forEach(found -> known.add(found.group(1)));
        Arrays.stream(Code.values())
                .forEach(code -> known.addAll(code.defaults().keySet()));
        return known;
    }

    /** The key that a variable sets, as in {@code database.url}. */
    static String key(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** Whose internal listener a service asks: those that its settings name. */
    static Set<String> neighbours(Code code) {
        Set<String> neighbours = new TreeSet<>();
        code.defaults().values().forEach(value -> {
            var named = NEIGHBOUR.matcher(value);
            if (named.matches()) {
                neighbours.add(named.group(1));
            }
        });
        return neighbours;
    }

    /** The variables that all services get. */
    static Map<String, String> shared() {
        Map<String, String> shared = new TreeMap<>();
        Tree.text("k8s/base/settings.env")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .forEach(pair -> shared.put(pair[0], pair[1]));
        return shared;
    }
}
