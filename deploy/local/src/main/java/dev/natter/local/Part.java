package dev.natter.local;

import dev.natter.auth.AuthService;
import dev.natter.chat.ChatService;
import dev.natter.media.MediaService;
import dev.natter.message.MessageService;
import dev.natter.platform.run.Service;
import dev.natter.platform.run.Settings;
import dev.natter.realtime.RealtimeService;
import io.helidon.config.Config;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The five services, in the order in which one process starts them. */
public enum Part {
    /** Users and sessions. */
    AUTH("auth-service", true, 256, AuthService.class, AuthService::open),
    /** Chats and members. */
    CHAT("chat-service", true, 256, ChatService.class, ChatService::open),
    /** Timelines. */
    MESSAGE("message-service", true, 384, MessageService.class, MessageService::open),
    /** Files. */
    MEDIA("media-service", true, 1024, MediaService.class, MediaService::open),
    /** WebSockets. */
    REALTIME("realtime-gateway", false, 384, RealtimeService.class, RealtimeService::open);

    private final String module;
    private final boolean stored;
    private final int heap;
    private final Class<?> home;
    private final Function<Config, Service> open;

    Part(String module, boolean stored, int heap, Class<?> home, Function<Config, Service> open) {
        this.module = module;
        this.stored = stored;
        this.heap = heap;
        this.home = home;
        this.open = open;
    }

    /** The service with a key. */
    static Part of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /**
     * As in {@code message}: its settings, database and upstream are called by it.
     *
     * @return its key
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * As in {@code message-service}.
     *
     * @return its module
     */
    public String module() {
        return module;
    }

    /**
     * Whether it has a database.
     *
     * @return whether it does
     */
    public boolean stored() {
        return stored;
    }

    /** Megabytes of heap for a process of its own on a laptop. */
    int heap() {
        return heap;
    }

    /**
     * What the JVM of a process of its own is told beside that. The gateway's memory is that of its idle sockets: a
     * young generation that doesn't grow with them, and a C library that gives back what was freed. The others begin
     * with room enough to start almost without a collection.
     */
    List<String> options() {
        return this == REALTIME ? List.of("-Xms32m", "-Xmn16m", "-XX:TrimNativeHeapInterval=5000") : List.of("-Xms64m");
    }

    /** A class of the service; its settings lie beside it. */
    Class<?> home() {
        return home;
    }

    /** The service, wired. */
    Service open(Config config) {
        return Settings.make(config, open);
    }
}
