package dev.natter.backup;

import java.io.PrintStream;
import java.nio.file.Path;

/** {@code backup FOLDER} and {@code restore FOLDER}, for an installation that the environment tells of. */
public final class Main {
    private static final PrintStream OUT = System.out;

    private Main() {}

    /**
     * Does it.
     *
     * @param args what, and where the backup is
     */
    public static void main(String[] args) {
        if (args.length != 2 || !args[0].equals("backup") && !args[0].equals("restore")) {
            System.err.println("Usage: backup FOLDER | restore FOLDER; where the installation is say "
                    + "AUTH_DATABASE_URL, CHAT_DATABASE_URL, MESSAGE_DATABASE_URL, MEDIA_DATABASE_URL, MEDIA_ROOT "
                    + "and, to restore, NATS_URL; users, passwords and files of secrets as the services have them");
            System.exit(2);
        }
        try {
            run(args[0], Path.of(args[1]));
        } catch (BackupFailure | IllegalArgumentException failure) {
            System.err.println("natter: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static void run(String command, Path folder) {
        Installation installation = Installation.of(System.getenv());
        if (command.equals("backup")) {
            Backup.take(installation, folder);
            OUT.println("Backed up to " + folder);
            return;
        }
        if (installation.nats() == null) {
            throw new BackupFailure("NATS_URL must be set: what NATS holds is of a past that won't be any more");
        }
        Restore.from(folder, installation);
        OUT.println("Restored from " + folder + "; start the services");
    }
}
