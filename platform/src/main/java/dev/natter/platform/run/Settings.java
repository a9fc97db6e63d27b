package dev.natter.platform.run;

import io.helidon.config.Config;
import java.util.Map;

/**
 * Where a service's settings come from, strongest first: what the caller overrides, environment variables
 * ({@code DATABASE_URL} sets {@code database.url}), the file that {@code NATTER_CONFIG} names, {@code application.yaml}
 * beside the service's class. Nothing ambient.
 */
public final class Settings {
    private Settings() {}

    /**
     * Loads the settings of a service.
     *
     * @param home a class of the service; its package holds {@code application.yaml}
     * @param overrides keys and values that win over every other source
     * @return the settings
     */
    public static Config load(Class<?> home, Map<String, String> overrides) {
        throw new UnsupportedOperationException("skeleton");
    }
}
