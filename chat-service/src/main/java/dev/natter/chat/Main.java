package dev.natter.chat;

import dev.natter.platform.run.Node;

/** Runs chat-service alone. */
public final class Main {
    private Main() {}

    /**
     * Runs until SIGTERM.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        Node.run(ChatService.class, ChatService::open);
    }
}
