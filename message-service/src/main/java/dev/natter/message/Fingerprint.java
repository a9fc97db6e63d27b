package dev.natter.message;

import dev.natter.platform.token.Sha256;

/** What a send said, in 32 bytes: tells a retry from another message with the same client id, even after an edit. */
final class Fingerprint {
    private Fingerprint() {}

    static byte[] of(Change.Send send) {
        return Sha256.of(send.replyTo() + "\0" + send.content());
    }
}
