package dev.natter.backup;

import java.util.Locale;

/** The services that have a database. */
public enum Store {
    /** Users and sessions. */
    AUTH,
    /** Chats and members. */
    CHAT,
    /** Timelines. */
    MESSAGE,
    /** What is known of files. */
    MEDIA;

    /**
     * As in {@code message}.
     *
     * @return the service's name
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where its migrations lie on the class path. */
    String migrations() {
        return "db/" + key();
    }

    /** What the variables about its database begin with. */
    String variable() {
        return name() + "_DATABASE";
    }
}
