package dev.natter.message;

import dev.natter.platform.run.Node;

/** Runs message-service alone. */
public final class Main {
    private Main() {}

    /**
     * Starts the service and stops it on SIGTERM.
     *
     * @param args ignored; settings come from the environment and the files of {@link dev.natter.platform.run.Settings}
     */
    public static void main(String[] args) {
        Node.run(MessageService.class, MessageService::open);
    }
}
