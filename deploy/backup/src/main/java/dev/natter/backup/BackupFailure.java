package dev.natter.backup;

/** A backup can't be taken or restored; the message is one line for whoever wanted it, and says what to do. */
public final class BackupFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackupFailure(String message) {
        super(message);
    }

    BackupFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
