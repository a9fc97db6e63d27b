package dev.natter.platform.run;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a service's settings come from, strongest first: what the caller overrides, environment variables
 * ({@code DATABASE_URL} sets {@code database.url}), the file that {@code NATTER_CONFIG} names, {@code application.yaml}
 * beside the service's class. Nothing ambient. What is secret can stand in a file that a variable names
 * ({@code SECRET_KEY_FILE}), as orchestrators bring it.
 */
public final class Settings {
    private static final String FILE = "NATTER_CONFIG";
    private static final String SUFFIX = "_FILE";
    private static final Set<String> SECRETS =
            Set.of("SECRET_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "NATS_URL", "NATS_PASSWORD");
    private static final String MISFIT = "(?s)Mapping of value '(.*)' stored under key '([a-z.]+)' has failed.*";

    static {
        // What Helidon's parts would look for by themselves, in the folder that the process happens to run in too.
        Config.global(Config.empty());
    }

    private Settings() {}

    /**
     * Loads the settings of a service.
     *
     * @param home a class of the service; its package holds {@code application.yaml}
     * @param overrides keys and values that win over every other source
     * @return the settings
     * @throws IllegalArgumentException if a file that is named can't be read, or a secret is given twice
     */
    public static Config load(Class<?> home, Map<String, String> overrides) {
        return load(home, overrides, System.getenv());
    }

    static Config load(Class<?> home, Map<String, String> overrides, Map<String, String> environment) {
        List<Supplier<? extends ConfigSource>> sources = new ArrayList<>();
        sources.add(ConfigSources.create(overrides));
        sources.add(ConfigSources.create(keys(environment)));
        if (environment.containsKey(FILE)) {
            sources.add(yaml(text(FILE, environment.get(FILE))));
        }
        sources.add(defaults(home));
        try {
            // A password may well contain "${".
            return Config.builder()
                    .disableEnvironmentVariablesSource()
                    .disableSystemPropertiesSource()
                    .disableValueResolving()
                    .disableKeyResolving()
                    .sources(sources)
                    .build();
        } catch (ConfigException unreadable) {
            throw new IllegalArgumentException("The settings can't be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * Makes of settings what they are for.
     *
     * @param config the settings
     * @param maker what reads them
     * @return what it made
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static <T> T make(Config config, Function<Config, T> maker) {
        try {
            return maker.apply(config);
        } catch (ConfigException nonsense) {
            // Helidon's message goes on with the names of its lambdas.
            throw new IllegalArgumentException(
                    nonsense.getMessage().replaceFirst(MISFIT, "$2: '$1' makes no sense"), nonsense);
        }
    }

    /** Helidon's alias rule: upper case, dots written as underscores. */
    private static Map<String, String> keys(Map<String, String> environment) {
        Map<String, String> keys = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.matches("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")) {
                keys.put(key(name), value);
            }
        });
        for (String secret : SECRETS) {
            String file = environment.get(secret + SUFFIX);
            if (file != null
                    && keys.put(key(secret), text(secret + SUFFIX, file).strip()) != null) {
                throw new IllegalArgumentException("Give " + secret + " or " + secret + SUFFIX + ", not both");
            }
        }
        return keys;
    }

    private static String key(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static String text(String variable, String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(variable + ": '" + file + "' can't be read", unreadable);
        }
    }

    private static Supplier<? extends ConfigSource> defaults(Class<?> home) {
        try (InputStream yaml = home.getResourceAsStream("application.yaml")) {
            return yaml == null ? ConfigSources.empty() : yaml(new String(yaml.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Supplier<? extends ConfigSource> yaml(String text) {
        return ConfigSources.create(text, MediaTypes.APPLICATION_X_YAML);
    }
}
