package dev.natter.auth;

import dev.natter.platform.run.Node;

/** Runs auth-service alone. */
public final class Main {
    private Main() {}

    /**
     * Runs until SIGTERM.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        Node.run(AuthService.class, AuthService::open);
    }
}
