package dev.natter.servers;

import java.nio.file.Path;

/** Where binaries are kept between runs: {@code $XDG_CACHE_HOME/natter} or {@code ~/.cache/natter}. */
final class Cache {
    private Cache() {}

    static Path folder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("natter").toAbsolutePath();
    }
}
